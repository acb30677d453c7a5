"""A request without a genome: every site is absent, and nothing was looked at."""

import hashlib
from collections.abc import Mapping, Sequence

from trdpgx.model.genome import Assembly, Panel, SampleSites, SiteCall, SiteState
from trdpgx.model.input import AssemblyEvidence, InputFacts, InputFormat, InputWarning, IntakeResult, Integrity
from trdpgx.model.options import AssemblyOption, Options

NO_GENOME = "no_genome"
"""Code of the warning and of the limitation."""
UNNAMED = "not named"
"""Sample of a request that names none."""
_NO_FILE = InputWarning(
    code=NO_GENOME,
    text="NO GENOME WAS SENT. Not one gene or position was seen here: what this report states of genes is what outside calls state, and "
    "where it states nothing, nothing is known.",
)


def no_genome(options: Options, panels: Mapping[Assembly, Panel], samples: Sequence[str]) -> IntakeResult:
    """Return what intake would hand on for an input that says nothing, for these samples (one without a name, if there are none)."""
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
    absent = {site.id: SiteCall(site.id, SiteState.ABSENT) for site in panels[assembly].sites}
    return IntakeResult(facts, [SampleSites(name, dict(absent)) for name in names])
