"""The parser process: a child that reads small sanitised VCFs with cyvcf2 and imports nothing of the project.

It is started as a script, and talks over one Unix socket. It sends ``READY`` or ``CONFINED`` once. A request
is a frame of ``REQUEST`` with the descriptor of a memory file that holds the VCF. The answer is a frame of ``REPLY``, then that many bytes
of JSON and of genotypes:

- JSON: ``echo`` (a line a record: POS, REF, ALT, FILTER, and END where it is not that of REF, with tabs between them), ``quals`` (QUAL of
  each record, or null) and ``widths`` (the number of columns of each record's genotypes);
- genotypes (int16, little-endian): of each record in turn a row a sample, with a column an allele and one more, 1 for phased.
"""

import os
import resource
import socket
import struct
import sys

import numpy as np
import orjson
from cyvcf2 import VCF

try:
    import sandlock
except ImportError:
    sandlock = None

REQUEST = struct.Struct("<I")
"""CPU seconds that this request may take."""
REPLY = struct.Struct("<QQ")
"""Bytes of JSON, bytes of genotypes."""
READY = b"."
CONFINED = b"+"
"""One of them is sent once, when the process can take requests: whether Landlock holds it or not."""
FILES = 24


def confine(memory: int) -> None:
    """Give up what the parser does not need: memory over the cap, new processes, files, and core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))


def lock_in() -> bool:
    """Have Landlock deny all files, programs, TCP ports, and signals to other processes; tell whether this kernel could.

    What is open stays open. The memory files of requests are passed in open, and modules are imported before.
    """
    if sandlock is None:
        return False
    try:
        sandlock.confine(sandlock.Sandbox())
    except (sandlock.SandlockError, OSError):
        return False
    return True


def allow_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of CPU; the kernel kills it after them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def parse(descriptor: int) -> tuple[bytes, bytes]:
    """Read the VCF behind a descriptor; return the JSON and the array of the answer."""
    echoes: list[str] = []
    quals: list[float | None] = []
    genotypes: list[np.ndarray] = []
    reader = VCF(descriptor)
    for variant in reader:
        # htslib's own end differs from that of REF only where it has read an END.
        stated = "" if variant.end == variant.start + len(variant.REF) else variant.INFO.get("END", "")
        alts, failed = ",".join(variant.ALT) or ".", ";".join(variant.FILTERS) or "."
        echoes.append(f"{variant.POS}\t{variant.REF}\t{alts}\t{failed}\t{stated}")
        quals.append(variant.QUAL)
        genotypes.append(variant.genotype.array())
    reader.close()
    meta = orjson.dumps({"echo": "\n".join(echoes), "quals": quals, "widths": [table.shape[1] for table in genotypes]})
    return meta, b"".join([table.tobytes() for table in genotypes])


def serve(channel: socket.socket) -> None:
    """Answer requests until the other side hangs up."""
    while True:
        frame, descriptors, _, _ = socket.recv_fds(channel, REQUEST.size, 1)
        if len(frame) < REQUEST.size or len(descriptors) != 1:
            return
        allow_cpu(*REQUEST.unpack(frame))
        try:
            meta, genotypes = parse(descriptors[0])
        finally:
            os.close(descriptors[0])
        channel.sendall(REPLY.pack(len(meta), len(genotypes)))
        channel.sendall(meta)
        channel.sendall(genotypes)


def main() -> None:
    """Take the socket's descriptor and the memory cap (bytes) from the command line."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    confine(int(sys.argv[2]))
    channel.sendall(CONFINED if lock_in() else READY)
    serve(channel)


if __name__ == "__main__":
    main()
