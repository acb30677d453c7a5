"""``trdpgx reference build`` at the client, and a folder that it made behind ``TRDPGX_REFERENCE``."""

import shutil
from pathlib import Path

from click.testing import CliRunner

from trdpgx.cli.main import main
from trdpgx.knowledge.load import load_knowledge
from trdpgx.knowledge.location import reference_directory


def test_what_is_no_genome_is_refused_by_name(tmp_path: Path) -> None:
    fasta = tmp_path / "small.fa"
    fasta.write_text(">1\nACGT\n", "utf-8")
    answer = CliRunner().invoke(main, ["reference", "build", "--fasta", str(fasta), "--output", str(tmp_path / "built")])
    assert answer.exit_code == 65
    assert "small.fa: no contig" in answer.stderr
    assert not (tmp_path / "built").exists()


def test_sequences_alone_add_to_the_bundled_reference(tmp_path: Path) -> None:
    for name in ("genomic.fa", "differences.csv"):
        shutil.copy(reference_directory() / "transcripts" / name, tmp_path / name)
    assert load_knowledge(tmp_path).reference.digest == load_knowledge().reference.digest
