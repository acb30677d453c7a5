"""Every kind of problem that a worker can answer with: of intake, calling, a clinical context, earlier reports and the service."""

from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.clinical.problems import PROBLEMS as CLINICAL
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.problem import ProblemKind
from trdpgx.reannotation.problems import PROBLEMS as REANNOTATION
from trdpgx.service.problems import SERVICE

WORKER_PROBLEMS: dict[str, ProblemKind] = {**INTAKE, **CALLING, **CLINICAL, **REANNOTATION, **SERVICE}
