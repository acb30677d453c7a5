"""A request without a genome: every site is absent, and no region was examined."""

import hashlib
from collections.abc import Mapping, Sequence

from trdpgx.model.genome import Assembly, Panel, SampleSites
from trdpgx.model.input import AssemblyEvidence, InputFacts, InputFormat, InputWarning, Integrity
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.options import AssemblyOption, Options
from trdpgx.model.samples import OneBlock
from trdpgx.model.site_columns import SampleBlock, SiteColumns
from trdpgx.texts import phrase

NO_GENOME = "no_genome"
"""Code of the warning and of the limitation."""
UNNAMED = "not named"
"""Sample of a request that names none."""
_NO_FILE = InputWarning(code=NO_GENOME, text=phrase("warnings.no_genome"))


def no_genome(options: Options, panels: Mapping[Assembly, Panel], samples: Sequence[str]) -> IntakeResult:
    """Return the result of intake for an input without records, for these samples (one without a name, if there are none)."""
    assembly = Assembly.GRCH38 if options.assembly is AssemblyOption.AUTO else Assembly(options.assembly.value)
    names = tuple(options.samples or samples or (UNNAMED,))
    facts = InputFacts(
        sha256=hashlib.sha256(b"").hexdigest(),
        bytes=0,
        format=InputFormat.NONE,
        records=0,
        assembly=assembly,
        assembly_evidence=(AssemblyEvidence(kind="option", assembly=assembly, text="No genome was sent; positions are numbered on it."),),
        gvcf=False,
        samples=len(names),
        integrity=Integrity(records=0, lines=None, sorted=True, compression_verified=None, eof_marker=None),
        warnings=(_NO_FILE,),
    )
    absent = panels[assembly].absent_calls()
    block = SampleBlock(names, SiteColumns([], len(names), []), absent, lambda number, calls: SampleSites(names[number], calls))
    return IntakeResult(facts, OneBlock(block))
