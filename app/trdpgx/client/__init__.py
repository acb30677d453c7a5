"""A client of a running service: genomes are sent as they are read, reports are returned as models, and a busy service is tried again.

    from trdpgx.client import ServiceClient
    with ServiceClient("http://127.0.0.1:8000") as service:
        for report in service.reports("genome.vcf.gz"):
            print(report.input.sample, [(gene.gene, gene.phenotype) for gene in report.genes])

It needs httpx, which the extra ``client`` installs: ``pip install 'trdpgx[client]'``.
"""

try:
    import httpx  # noqa: F401 (whether it is there)
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("trdpgx.client needs httpx: pip install 'trdpgx[client]'", name="httpx") from error

from trdpgx.client.contents import Content, Progress
from trdpgx.client.errors import ServiceError
from trdpgx.client.service_client import ServiceClient

__all__ = ["Content", "Progress", "ServiceClient", "ServiceError"]
