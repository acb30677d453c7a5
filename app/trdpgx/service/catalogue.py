"""Every kind of problem that a worker can answer with: those of intake, of calling, of a clinical context and of the service itself."""

from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.clinical.problems import PROBLEMS as CLINICAL
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.problem import ProblemKind
from trdpgx.service.problems import SERVICE

WORKER_PROBLEMS: dict[str, ProblemKind] = {**INTAKE, **CALLING, **CLINICAL, **SERVICE}
