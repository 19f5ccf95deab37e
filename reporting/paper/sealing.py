"""Sealing a file with the house's certificate, so that whoever opens it sees that nothing was changed since.

The certificate with its key is a PKCS#12 file, its password stands in a file beside it; without them nothing is sealed.
The seal is an invisible PAdES signature added at the end of the file; nobody outside is asked for the time. Two seals
of one file are not the same bytes: what was sealed is kept, and never made again.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

FIELD = "Seal"


class _Longer(IncrementalPdfFileWriter):
    """The file with more at its end."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """It stays the PDF 1.7 that PDF/A-3 is made of; what newer keys need is named as an extension."""


def sealed(pdf: bytes) -> bytes:
    """The file with the house's seal, or as it is where the house has no certificate.

    ValueError: the certificate cannot be read.
    """
    if not settings.SEAL.exists():
        return pdf
    out = BytesIO()
    PdfSigner(
        PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        signer=_signer(settings.SEAL, settings.SEAL.stat().st_mtime_ns),
        new_field_spec=SigFieldSpec(FIELD),
    ).sign_pdf(_Longer(BytesIO(pdf)), output=out)
    return out.getvalue()


def certificate() -> x509.Certificate | None:
    """The house's certificate; None where it has none. ValueError: it cannot be read."""
    if not settings.SEAL.exists():
        return None
    _key, found, _chain = load_key_and_certificates(settings.SEAL.read_bytes(), _password(settings.SEAL))
    return found


@cache
def _signer(file: Path, _changed_at: int) -> SimpleSigner:
    return SimpleSigner.load_pkcs12_data(file.read_bytes(), other_certs=[], passphrase=_password(file))


def _password(file: Path) -> bytes | None:
    beside = file.with_suffix(".password")
    return beside.read_text().strip().encode() if beside.exists() else None
