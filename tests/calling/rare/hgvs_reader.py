"""Reads HGVS descriptions back into sequence: written from the nomenclature alone, it shares nothing with the code under test."""

import re

from trdpgx.model.transcript import Transcript

CODE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H", "Ile": "I", "Leu": "L",
    "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
}  # fmt: skip
_LOCUS = r"(?:[*-]?\d+)(?:[+-]\d+)?"
_COMPLEMENT = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}


def other_strand(sequence: str) -> str:
    """The reverse complement."""
    return "".join(_COMPLEMENT[base] for base in reversed(sequence))


def one_letter(names: str) -> str:
    """``MetLys`` to ``MK``."""
    return "".join(CODE[name] for name in re.findall("[A-Z][a-z]{2}", names))


class GenomicReader:
    """Applies ``c.`` descriptions to the gene as it stands on the chromosome, read in the direction of transcription."""

    def __init__(self, transcript: Transcript, start: int, bases: str) -> None:
        self.minus = transcript.strand == -1
        self.bases = other_strand(bases) if self.minus else bases
        self.first = start + len(bases) - 1 if self.minus else start
        ends = (sorted((self.index(exon.start), self.index(exon.end))) for exon in transcript.exons)
        self.exons = [(first, last + 1) for first, last in ends]
        coding = sorted(self.index(end) for end in transcript.coding)
        spliced = [at for first, behind in self.exons for at in range(first, behind)]
        self.leader = sum(at < coding[0] for at in spliced)
        self.numbers: dict[str, int] = {}
        inside = [at for at in spliced if coding[0] <= at <= coding[1]]
        for number, at in enumerate(inside, 1):
            self.numbers[str(number)] = at
        for number, at in enumerate(reversed([at for at in spliced if at < coding[0]]), 1):
            self.numbers[f"-{number}"] = at
        for number, at in enumerate([at for at in spliced if at > coding[1]], 1):
            self.numbers[f"*{number}"] = at
        self.leader = sum(at < coding[0] for at in spliced)

    def index(self, pos: int) -> int:
        """0-based locus of a genomic position."""
        return self.first - pos if self.minus else pos - self.first

    def locus(self, name: str) -> int:
        """0-based locus of a name such as ``*12+3``."""
        match = re.fullmatch(r"([*-]?\d+)([+-]\d+)?", name)
        assert match is not None, name
        return self.numbers[match[1]] + int(match[2] or 0)

    def apply(self, description: str) -> str:
        """The whole interval with the change made."""
        body = description.partition("c.")[2]
        changes = [self._change(part) for part in body.strip("[]").split(";")]
        text = self.bases
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _change(self, text: str) -> tuple[int, int, str]:
        match = re.fullmatch(rf"({_LOCUS})(?:_({_LOCUS}))?(del|dup|inv|ins|delins|[ACGT]>)([ACGT]*)", text)
        assert match is not None, text
        start, end = self.locus(match[1]), self.locus(match[2] or match[1]) + 1
        kind, new = match[3], match[4]
        if kind.endswith(">"):
            assert self.bases[start] == kind[0], text
        if kind == "ins":
            assert end - start == 2, text
            return start + 1, start + 1, new
        if kind == "dup":
            return end, end, self.bases[start:end]
        if kind == "inv":
            return start, end, other_strand(self.bases[start:end])
        return start, end, new


def apply_protein(protein: str, description: str) -> str:
    """The protein (without its stop) with the change made; ``?`` at the end where a new end is not known.

    A frame shift or extension tells only its first new residue and its length: the others are ``x``.
    """
    body = re.fullmatch(r".*p\.\[?\((.+)\)\]?", description)
    assert body is not None, description
    text = protein + "*"
    for part in reversed(body[1].split(";")):
        text = _protein_change(text, part)
    return text.partition("*")[0] if "*" in text else text + "?"


def _protein_change(text: str, part: str) -> str:
    match = re.fullmatch(r"([A-Z][a-z]{2})(\d+)(?:_([A-Z][a-z]{2})(\d+))?(.*)", part)
    assert match is not None, part
    start, end = int(match[2]) - 1, int(match[4] or match[2])
    assert text[start] == CODE[match[1]], part
    assert match[3] is None or text[end - 1] == CODE[match[3]], part
    before, replaced, after, rest = text[:start], text[start:end], text[end:], match[5]
    if found := re.fullmatch(r"([A-Z][a-z]{2})(fs|ext)Ter(\d+|\?)", rest):
        unnamed = 0 if found[3] == "?" else int(found[3]) - (found[2] == "fs") - 1
        return before + CODE[found[1]] + "x" * unnamed + ("" if found[3] == "?" else "*")
    kind = re.match("=|delins|del|dup|ins|", rest)
    assert kind is not None
    named = one_letter(rest[kind.end() :])
    assert kind[0] != "ins" or len(replaced) == 2, part
    return {
        "=": text,
        "del": before + after,
        "dup": before + replaced + replaced + after,
        "ins": before + replaced[:1] + named + replaced[1:] + after,
        "delins": before + named + after,
        "": before + named + after,
    }[kind[0]]
