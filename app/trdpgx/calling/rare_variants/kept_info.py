"""The part of a record's INFO that rare variants are read from: all that a report has to keep of it to read them again."""

from collections.abc import Iterable, Mapping

from trdpgx.calling.rare_variants.annotation import entries_of
from trdpgx.calling.rare_variants.observe import InfoFields
from trdpgx.model.region import RegionRecord
from trdpgx.model.transcript import Transcript


class KeptInfo:
    """Cuts the INFO of the records of one input, each once for all samples that carry it."""

    def __init__(self, fields: InfoFields, transcripts: Iterable[Transcript]) -> None:
        """Take the fields of the input, and the transcripts whose annotation counts."""
        self._fields = fields
        self._transcripts: dict[str, list[Transcript]] = {}
        for transcript in transcripts:
            self._transcripts.setdefault(transcript.chrom, []).append(transcript)
        self._kept: dict[RegionRecord, Mapping[str, str]] = {}

    def of(self, record: RegionRecord) -> Mapping[str, str]:
        """Return the frequencies and scores of a record, and of each annotation the entries that are chosen for a transcript."""
        kept = self._kept.get(record)
        if kept is None:
            kept = self._kept[record] = dict(self._parts(record)) if record.info else {}
        return kept

    def _parts(self, record: RegionRecord) -> Iterable[tuple[str, str]]:
        for key, raw in record.info.items():
            if key in self._fields.formats:
                chosen = entries_of(record, key, self._fields.formats[key], self._transcripts.get(record.chrom, ()))
                if chosen:
                    yield key, ",".join(chosen)
            elif self._fields.has_number(key, raw):
                yield key, raw
