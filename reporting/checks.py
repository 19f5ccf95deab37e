"""What must be true of the reports before the house opens: asked once at start-up."""

from datetime import UTC, datetime, timedelta

from django.core.checks import Error, Tags, Warning, register

from reporting.paper.sealing import certificate

SOON = timedelta(days=30)


@register(Tags.security)
def certificate_can_seal(app_configs=None, **kwargs):
    """A certificate that nobody can read, or whose time is over, seals nothing: the reports would wait."""
    try:
        found = certificate()
    except (ValueError, OSError):
        return [Error("The certificate seal.p12 cannot be read with seal.password.", id="reporting.E001")]
    if found is None:
        return []
    left = found.not_valid_after_utc - datetime.now(UTC)
    if left < timedelta(0):
        return [Error("The certificate that seals reports has expired.", id="reporting.E002")]
    if left < SOON:
        return [
            Warning(f"The certificate that seals reports expires in {left.days} days.", id="reporting.W001")
        ]
    return []
