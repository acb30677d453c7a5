"""What can be wrong with a file or a sample of a cohort: a row of the table ``errors``, and never the end of a run."""

from trdpgx.model.problem import ProblemKind

CHROMOSOME_TWICE = ProblemKind(
    code="chromosome_twice",
    title="Two files hold the same samples on the same chromosome.",
    remedy="Files with the same samples are joined where each has chromosomes of its own. Give one of them, or join them with bcftools "
    "concat or merge.",
)
SAMPLE_TWICE = ProblemKind(
    code="sample_twice",
    title="Another file has a sample of the same name.",
    remedy="Name each in a sample sheet (columns sample and file), or leave one file out. The first file with the name is the one used.",
)
FILE_UNREADABLE = ProblemKind(
    code="file_unreadable",
    title="The file cannot be opened.",
    remedy="Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first.",
)
FILE_CHANGED = ProblemKind(
    code="file_changed",
    title="The file changed while it was read.",
    remedy="Wait until whoever writes it is done, and start the run again.",
)
SAMPLE_NOT_IN_FILES = ProblemKind(
    code="sample_not_in_files",
    title="A sample of the sheet is in no file.",
    remedy="Compare the names of the sheet with those of the files (bcftools query -l).",
)
UNEXPECTED = ProblemKind(
    code="unexpected",
    title="The program failed at this input.",
    remedy="Please report it, with the version of the program; the other inputs have their rows.",
)
BAD_SHEET = ProblemKind(
    code="bad_sheet",
    title="The sample sheet cannot be used.",
    remedy="It is a text of tab-separated columns with a header line; docs/cohorts.md describes it.",
)
OTHER_RUN = ProblemKind(
    code="other_run",
    title="The folder holds the tables of another run.",
    remedy="Give another folder, or empty it. A run is resumed with the same files, options, rules, reference and program.",
)
