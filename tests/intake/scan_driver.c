/* Feeds mutants of sound lines to app/trdpgx/intake/scan/scan.c, for a build with sanitizers. The argument says how many; prints how many were sound. */
#include "scan.c"
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static uint64_t chance(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static const char *const LINES[] = {
    "chr10\t94781859\t.\tG\tA\t50\tPASS\tAC=1;QD=3.2\tGT:DP\t0/1:30\n",
    "chr10\t94000000\t.\tG\t<NON_REF>\t.\t.\tEND=94999999\tGT:DP\t0/0:30\n",
    "chr10\t94000000\t.\tG\t.\t.\t.\tDP=1;END=94781860\tGT\t0/0\n",
    "22\t42126611\t.\tC\t<DEL>,<*>\t.\t.\tSVTYPE=DEL;SVLEN=-300,12;END=5\tGT\t0/1\n",
    "1\t7\t.\tA\t.\t.\t.\tX\tGT\t1\n",
};
static const char BYTES[] = "\t\t\n\n\r\0;=,<>*.-E#09AND\x80\xff";

int main(int argc, char **argv)
{
    const int64_t name_ends[] = {5, 7}, owners[] = {0, 1}, bounds[] = {0, 2, 3, 4, 5};
    const int64_t starts[] = {94781859, 94790000, 94700000, 42126611, 42120000}, ends[] = {94781860, 94790001, 94800000, 42126611, 42130000};
    const panel wanted = {(const uint8_t *)"chr1022", name_ends, owners, bounds, starts, ends, 2};
    long rounds = argc > 1 ? atol(argv[1]) : 1000, sound = 0;
    for (long round = 0; round < rounds; round++) {
        uint8_t text[4096];
        int64_t size = 0;
        for (uint64_t count = 1 + chance(12); count > 0; count--) {
            const char *line = LINES[chance(sizeof LINES / sizeof *LINES)];
            memcpy(text + size, line, strlen(line));
            size += (int64_t)strlen(line);
        }
        for (uint64_t count = chance(4); count > 0; count--)
            text[chance((uint64_t)size)] = (uint8_t)BYTES[chance(sizeof BYTES - 1)];
        if (chance(8) == 0)
            size = (int64_t)chance((uint64_t)size + 1);
        uint8_t *exact = malloc(size ? (size_t)size : 1);
        int64_t run_space = 1 + (int64_t)chance(4), hit_space = 1 + (int64_t)chance(4);
        run *runs = malloc(sizeof(run) * (size_t)run_space);
        hit *hits = malloc(sizeof(hit) * (size_t)hit_space);
        scan out = {&wanted, runs, hits, run_space, hit_space, 10, 200, 0, 0, 0, 0, 0};
        memcpy(exact, text, (size_t)size);
        for (int64_t at = 0; at < size;) {
            if (!trdpgx_scan(exact + at, size - at, &out))
                break;
            if (out.consumed < 1 || out.run_count > run_space || out.hit_count > hit_space)
                return 2;
            at += out.consumed;
            sound += at == size;
        }
        free(exact);
        free(runs);
        free(hits);
    }
    printf("%ld %ld\n", sound, rounds);
    return 0;
}
