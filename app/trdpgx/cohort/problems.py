"""Problems of a file or a sample of a cohort: each is a row of the table ``errors`` and does not end the run."""

from trdpgx.model.problem import Problem, problem_kind, problem_of

CHROMOSOME_TWICE = problem_kind(
    "chromosome_twice",
    "Two files hold the same samples on the same chromosome.",
    "Files with the same samples are joined where each has chromosomes of its own. Give one of them, or join them with bcftools "
    "concat or merge.",
)
SAMPLE_TWICE = problem_kind(
    "sample_twice",
    "Another file has a sample of the same name.",
    "Name each in a sample sheet (columns sample and file), or leave one file out. The first file with the name is the one used.",
)
FILE_UNREADABLE = problem_kind(
    "file_unreadable",
    "The file cannot be opened.",
    "Check the name and who may read the file. Addresses (https://, s3://) are not opened; fetch the file first.",
)
FILE_CHANGED = problem_kind(
    "file_changed",
    "The file changed while it was read.",
    "Wait until whoever writes it is done, and start the run again.",
)
SAMPLE_NOT_IN_FILES = problem_kind(
    "sample_not_in_files",
    "A sample of the sheet is in no file.",
    "Compare the names of the sheet with those of the files (bcftools query -l).",
)
UNEXPECTED = problem_kind(
    "unexpected",
    "The program failed at this input.",
    "Please report it, with the version of the program; the other inputs have their rows.",
)
BAD_SHEET = problem_kind(
    "bad_sheet",
    "The sample sheet cannot be used.",
    "It is a text of tab-separated columns with a header line; docs/cohorts.md describes it.",
)
OTHER_RUN = problem_kind(
    "other_run",
    "The folder holds the tables of another run.",
    "Give another folder, or empty it. A run is resumed with the same files, options, rules, reference and program.",
)


def unreadable(error: OSError) -> Problem:
    """Return the problem of a file that cannot be opened."""
    return problem_of(FILE_UNREADABLE, f"{error.strerror or 'Unknown error'}.")
