"""Reports are sealed with the house's certificate where there is one, and stay fit for an archive."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from django.core import checks
from pikepdf.pdfa import validate_written
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reporting.models import Paper
from reporting.paper.sealing import sealed
from tests.reporting.conftest import WEEKEND

MONDAY = "2026-11-23 10:00"


@pytest.fixture
def certify(settings, tmp_path):
    """Gives the house a certificate, and returns it: `certify(days=400, password="…")`."""

    def made(days=400, password="our own", written="our own", key=None):
        key = key or ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The house")])
        now = datetime.now(UTC)
        usage = x509.KeyUsage(True, True, *[False] * 7)
        found = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=500))
            .not_valid_after(now + timedelta(days=days, hours=1))
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        settings.SEAL = tmp_path / "seal.p12"
        settings.SEAL.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"house", key, found, None, BestAvailableEncryption(password.encode())
            )
        )
        settings.SEAL.with_suffix(".password").write_text(f"{written}\n")
        return found

    return made


def judged(pdf, certificate):
    """What a reader who trusts the certificate thinks of the seal; None where there is none."""
    found = PdfFileReader(BytesIO(pdf)).embedded_signatures
    if not found:
        return None
    root = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    return validate_pdf_signature(found[0], ValidationContext(trust_roots=[root], allow_fetching=False))


@pytest.fixture
def papers(weekend, lived, tick_at):
    """The papers of a week, made now."""

    def made():
        lived(*WEEKEND)
        tick_at(MONDAY)
        return list(Paper.objects.filter(data_set__report__period__kind="weekly", form="pdf"))

    return made


def test_papers_are_sealed_and_their_fingerprint_is_that_of_the_sealed_file(papers, certify):
    certificate = certify()

    for each in papers():
        pdf = bytes(each.content)
        assert judged(pdf, certificate).bottom_line
        assert sha256(pdf).hexdigest() == each.sha256


@pytest.mark.parametrize("key", ["elliptic", "rsa"])
def test_what_is_sealed_stays_as_fit_for_an_archive_as_it_was(papers, certify, key):
    plain = bytes(papers()[0].content)
    certificate = certify(key=rsa.generate_private_key(65537, 2048) if key == "rsa" else None)

    pdf = sealed(plain)

    assert pdf.startswith(plain)
    assert judged(pdf, certificate).bottom_line
    assert validate_written(BytesIO(plain), "3b").findings == []
    # The checker knows no forms, and a seal is a field of one: then it says of some parts that it cannot judge them.
    assert {each.kind for each in validate_written(BytesIO(pdf), "3b").findings} == {"unsupported"}


def test_a_sealed_file_that_was_changed_is_found_out(papers, certify):
    plain = bytes(papers()[0].content)
    certificate = certify()
    pdf = sealed(plain)
    place = plain.index(b"%", 5) + 2  # in a remark that nothing reads

    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]

    assert not judged(changed, certificate).bottom_line


def test_without_a_certificate_nothing_is_sealed(papers):
    assert [judged(bytes(each.content), None) for each in papers()] == [None, None, None, None]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"days": 400}, []),
        ({"days": 12}, ["reporting.W001"]),
        ({"days": -2}, ["reporting.E002"]),
        ({"written": "another"}, ["reporting.E001"]),
    ],
)
def test_a_certificate_that_cannot_seal_is_told_of_when_the_house_opens(certify, made, said):
    certify(**made)

    assert [each.id for each in checks.run_checks(tags=["security"]) if "reporting" in each.id] == said


def test_a_certificate_that_cannot_be_read_keeps_the_report_back_and_says_so(
    weekend, lived, tick_at, certify, expected_errors
):
    certify(written="another")
    lived(*WEEKEND)

    tick_at(MONDAY)

    assert not Paper.objects.exists()
    assert {record.exc_info[0] for record in expected_errors} == {ValueError}
    certify()
    tick_at("2026-11-23 10:01")
    assert Paper.objects.exists()
