/* Look at every line of a buffer of a VCF's body in one pass: its shape, CHROM, POS, how far its record reaches, and whether it touches the panel.
 *
 * app/trdpgx/intake/scan/native.py calls this through ctypes; app/trdpgx/intake/scan/line_engine.py does the same in Python where it could not be compiled, and
 * tests/intake/test_engines.py holds the two to the same answers. The bytes are a stranger's, so: nothing is written but to the tables of
 * the caller, whose room is checked; no byte outside of [buffer, buffer + size) is read; nothing is allocated and nothing is kept.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { TAB = 9, NEWLINE = 10, RETURN = 13, KEPT_TABS = 8, STEP = 64, LONGEST_NUMBER = 10 };
static const int64_t MAX_POSITION = 2147483646;
/* FORMAT keys of a number of copies, as in app/trdpgx/intake/scan/record_end.py. */
static const char *const COPY_KEYS[] = {"CN", "RD_CN", "CNF", "RDCN"};

/* What is looked for, flat: names of contigs one after the other, the target of each, and the intervals of target t: its windows are
 * number 2t, its regions 2t + 1; number k stands at bounds[k] to bounds[k + 1] of starts and ends, ascending and disjoint. Names are
 * ordered by length and then by their bytes. */
typedef struct {
    const uint8_t *names;
    const int64_t *name_ends, *owners, *bounds, *starts, *ends;
    int64_t name_count;
} panel;

/* Lines in a row with one CHROM: its first line, where CHROM starts and its size, first and last POS, whether POS never falls. */
typedef struct {
    int64_t line, name, name_size, first, last, ascending;
} run;

/* A line that touches the panel: its number, start and end, its target, and whether it touches a window or only a region. */
typedef struct {
    int64_t line, start, end, target, window;
} hit;

typedef struct {
    const panel *looked_for;
    run *runs;
    hit *hits;
    int64_t run_space, hit_space;
    int64_t columns, longest;                              /* what each line must be like */
    int64_t consumed, lines, run_count, hit_count, blocks; /* the answer; blocks is never taken back */
} scan;

/* The current line and what is remembered of the one before. */
typedef struct {
    const uint8_t *buffer;
    int64_t start, end, tabs, tab[KEPT_TABS], target;
} line;

/* Bit i: whether byte i is a tab; whether it is a newline, or one that no line may have: NUL, or a carriage return. */
typedef struct {
    uint64_t tabs, ends;
} marks;

static marks find_marks(const uint8_t *at, int64_t left)
{
    marks all = {0, 0};
#ifdef __SSE2__
    if (left >= STEP) {
        const __m128i tab = _mm_set1_epi8(TAB), newline = _mm_set1_epi8(NEWLINE), wrong = _mm_set1_epi8(RETURN);
        for (int part = 0; part < 4; part++) {
            __m128i bytes = _mm_loadu_si128((const __m128i *)(at + 16 * part));
            __m128i never = _mm_or_si128(_mm_cmpeq_epi8(bytes, wrong), _mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
            __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, newline), never);
            all.tabs |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, tab)) << (16 * part);
            all.ends |= (uint64_t)(uint32_t)_mm_movemask_epi8(ends) << (16 * part);
        }
        return all;
    }
#endif
    for (int64_t i = 0; i < left && i < STEP; i++) {
        all.tabs |= (uint64_t)(at[i] == TAB) << i;
        all.ends |= (uint64_t)(at[i] == NEWLINE || at[i] == RETURN || at[i] == 0) << i;
    }
    return all;
}

static void note_tabs(line *now, int64_t at, uint64_t tabs)
{
    for (; tabs; tabs &= tabs - 1, now->tabs++)
        if (now->tabs < KEPT_TABS)
            now->tab[now->tabs] = at + __builtin_ctzll(tabs);
}

static int64_t number(const uint8_t *at, const uint8_t *end)
{
    int64_t value = 0;
    for (int digits = 0; at < end && *at >= '0' && *at <= '9' && digits < LONGEST_NUMBER; at++, digits++)
        value = 10 * value + (*at - '0');
    return value;
}

/* POS, or -1 if the column is no whole number up to MAX_POSITION. */
static int64_t position(const line *now)
{
    int64_t from = now->tab[0] + 1, width = now->tab[1] - from, value = 0;
    if (width < 1 || width > LONGEST_NUMBER)
        return -1;
    int sound = 1;
    for (int64_t i = from; i < now->tab[1]; i++) {
        unsigned digit = (unsigned)now->buffer[i] - '0';
        sound &= digit <= 9;
        value = 10 * value + digit;
    }
    return sound && value <= MAX_POSITION ? value : -1;
}

static int is_key(const uint8_t *info, const uint8_t *at, const char *key, int64_t size)
{
    return memcmp(at, key, (size_t)size) == 0 && (at == info || at[-1] == ';');
}

/* The value behind the next `key` of INFO (`=` included) from `at` on, or NULL. */
static const uint8_t *find_key(const uint8_t *info, const uint8_t *at, const uint8_t *end, const char *key, int64_t size)
{
#ifdef __SSE2__
    /* Sixteen bytes at a time: where the last two of the key stand. The last sixteen may overlap those before. */
    const __m128i second = _mm_set1_epi8(key[size - 2]), last = _mm_set1_epi8(key[size - 1]);
    while (end - info >= size + 15 && end - at >= size) {
        const uint8_t *from = end - at >= size + 15 ? at : end - size - 15;
        __m128i a = _mm_loadu_si128((const __m128i *)(from + size - 2)), b = _mm_loadu_si128((const __m128i *)(from + size - 1));
        unsigned bits = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, second), _mm_cmpeq_epi8(b, last)));
        for (bits &= 0xffffu << (at - from); bits; bits &= bits - 1)
            if (is_key(info, from + __builtin_ctz(bits), key, size))
                return from + __builtin_ctz(bits) + size;
        at = from + 16;
    }
#endif
    for (; end - at >= size; at++)
        if (at[size - 1] == (uint8_t)key[size - 1] && is_key(info, at, key, size))
            return at + size;
    return NULL;
}

static int has_allele(const uint8_t *alt, const uint8_t *end, const char *wanted)
{
    int64_t length = (int64_t)strlen(wanted);
    while (alt < end) {
        const uint8_t *comma = memchr(alt, ',', (size_t)(end - alt));
        int64_t size = (comma ? comma : end) - alt;
        if (size == length && memcmp(alt, wanted, (size_t)size) == 0)
            return 1;
        alt += size + 1;
    }
    return 0;
}

/* The largest length of a block that a sample states in LEN of FORMAT (VCF 4.5); what is no number of one to nine digits counts as 0. */
static int64_t longest_block(const line *now)
{
    const uint8_t *at = now->buffer + now->tab[7] + 1, *end = now->buffer + now->end, *keys_end = memchr(at, TAB, (size_t)(end - at));
    int64_t index = 0, most = 0;
    if (!keys_end)
        return 0;
    for (;; index++) {
        const uint8_t *colon = memchr(at, ':', (size_t)(keys_end - at));
        if ((colon ? colon : keys_end) - at == 3 && memcmp(at, "LEN", 3) == 0)
            break;
        if (!colon)
            return 0;
        at = colon + 1;
    }
    for (at = keys_end; at < end;) {
        int64_t field = 0, value = 0, digits = 0, whole = 1;
        for (at++; at < end && *at != TAB; at++) {
            if (*at == ':')
                field++;
            else if (field == index && *at >= '0' && *at <= '9' && ++digits <= 9)
                value = 10 * value + (*at - '0');
            else if (field == index)
                whole = 0;
        }
        if (whole && digits <= 9 && value > most)
            most = value;
    }
    return most;
}

/* The largest length in the list of numbers that starts at `at`; what is no number of up to nine digits counts as 0. */
static int64_t longest_length(const uint8_t *at, const uint8_t *end)
{
    int64_t most = 0;
    while (at < end && (*at == '-' || *at == ',' || (*at >= '0' && *at <= '9'))) {
        if (*at == ',') {
            at++;
            continue;
        }
        if (*at == '-')
            at++;
        int64_t value = 0, digits = 0;
        for (; at < end && *at >= '0' && *at <= '9'; at++)
            if (++digits <= 9)
                value = 10 * value + (*at - '0');
        int whole = digits <= 9 && (at == end || *at != '-');
        while (at < end && (*at == '-' || (*at >= '0' && *at <= '9')))
            at++;
        if (whole && value > most)
            most = value;
    }
    return most;
}

static int touches(const panel *wanted, int64_t number, int64_t first, int64_t last)
{
    int64_t low = wanted->bounds[number], stop = wanted->bounds[number + 1], high = stop;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (wanted->ends[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < stop && wanted->starts[low] <= last;
}

static int beyond(const panel *wanted, int64_t number, int64_t first)
{
    int64_t stop = wanted->bounds[number + 1];
    return stop == wanted->bounds[number] || wanted->ends[stop - 1] < first;
}

static int64_t find_target(const panel *wanted, const uint8_t *name, int64_t size)
{
    int64_t low = 0, high = wanted->name_count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2, from = middle ? wanted->name_ends[middle - 1] : 0;
        int64_t longer = wanted->name_ends[middle] - from - size;
        int order = longer ? (longer > 0 ? 1 : -1) : memcmp(wanted->names + from, name, (size_t)size);
        if (order == 0)
            return wanted->owners[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* Whether the line has the CHROM of the last run; else start a run. The caller has seen that there is room. */
static void note_run(scan *out, line *now, int64_t pos)
{
    int64_t size = now->tab[0] - now->start;
    run *last = out->run_count ? &out->runs[out->run_count - 1] : NULL;
    if (last && last->name_size == size && memcmp(now->buffer + last->name, now->buffer + now->start, (size_t)size) == 0) {
        last->ascending &= pos >= last->last;
        last->last = pos;
        return;
    }
    out->runs[out->run_count++] = (run){out->lines, now->start, size, pos, pos, 1};
    now->target = find_target(out->looked_for, now->buffer + now->start, size);
}

/* Whether a line without ALT is an interval that a copy-number caller states: FORMAT has a number of copies, or INFO has SVTYPE. */
static int is_segment(const line *now)
{
    const uint8_t *at = now->buffer + now->tab[7] + 1, *end = memchr(at, TAB, (size_t)(now->buffer + now->end - at));
    end = end ? end : now->buffer + now->end;
    while (at < end) {
        const uint8_t *colon = memchr(at, ':', (size_t)(end - at));
        int64_t size = (colon ? colon : end) - at;
        for (size_t i = 0; i < sizeof(COPY_KEYS) / sizeof(*COPY_KEYS); i++)
            if ((size_t)size == strlen(COPY_KEYS[i]) && memcmp(at, COPY_KEYS[i], (size_t)size) == 0)
                return 1;
        at += size + 1;
    }
    return find_key(now->buffer + now->tab[6] + 1, now->buffer + now->tab[6] + 1, now->buffer + now->tab[7], "SVTYPE=", 7) != NULL;
}

/* Note the line if it touches the panel. */
static void note_hit(scan *out, const line *now, int64_t pos)
{
    const panel *wanted = out->looked_for;
    const uint8_t *alt = now->buffer + now->tab[3] + 1, *alt_end = now->buffer + now->tab[4];
    const uint8_t *info = now->buffer + now->tab[6] + 1, *info_end = now->buffer + now->tab[7];
    int symbolic = memchr(alt, '<', (size_t)(alt_end - alt)) != NULL;
    if (symbolic && !out->blocks)
        out->blocks = has_allele(alt, alt_end, "<*>") || has_allele(alt, alt_end, "<NON_REF>");
    int dot = alt_end - alt == 1 && *alt == '.';
    int near = now->target >= 0 && !(beyond(wanted, 2 * now->target, pos) && beyond(wanted, 2 * now->target + 1, pos));
    if (!near && !(dot && !out->blocks))
        return;
    int64_t reach = pos + now->tab[3] - now->tab[2] - 2, ended = 0;
    for (const uint8_t *at = info; (at = find_key(info, at, info_end, "END=", 4)) != NULL;) {
        int64_t end = number(at, info_end);
        reach = end > reach ? end : reach;
        ended = 1;
    }
    out->blocks = out->blocks || (dot && ended && !is_segment(now));
    if (!near)
        return;
    for (const uint8_t *at = info; symbolic && (at = find_key(info, at, info_end, "SVLEN=", 6)) != NULL;) {
        int64_t end = pos + longest_length(at, info_end);
        reach = end > reach ? end : reach;
    }
    if (symbolic && has_allele(alt, alt_end, "<*>")) {
        int64_t end = pos + longest_block(now) - 1;
        reach = end > reach ? end : reach;
    }
    int window = touches(wanted, 2 * now->target, pos, reach);
    if (window || touches(wanted, 2 * now->target + 1, pos, reach))
        out->hits[out->hit_count++] = (hit){out->lines, now->start, now->end, now->target, window};
}

/* Look at the lines of a buffer. Returns 0 if a line is misshapen, which is then for the caller to find. Stops early, after a whole line,
 * where a table is full; `consumed` says where. */
int trdpgx_scan(const uint8_t *buffer, int64_t size, scan *out)
{
    line now = {.buffer = buffer, .target = -1};
    out->consumed = out->lines = out->run_count = out->hit_count = 0;
    if (size < 1 || buffer[size - 1] != NEWLINE || out->columns <= KEPT_TABS)
        return 0;
    for (int64_t at = 0; at < size; at += STEP) {
        marks here = find_marks(buffer + at, size - at);
        for (; here.ends; here.ends &= here.ends - 1) {
            int bit = __builtin_ctzll(here.ends);
            uint64_t before = here.tabs & (((uint64_t)1 << bit) - 1);
            note_tabs(&now, at, before);
            here.tabs ^= before;
            now.end = at + bit;
            if (buffer[now.end] != NEWLINE || now.tabs + 1 != out->columns || now.end - now.start > out->longest)
                return 0;
            int64_t pos = position(&now);
            if (pos < 0 || now.tab[0] == now.start || buffer[now.start] == '#')
                return 0;
            if (out->run_count == out->run_space || out->hit_count == out->hit_space)
                return 1;
            note_run(out, &now, pos);
            note_hit(out, &now, pos);
            out->lines++;
            out->consumed = now.start = now.end + 1;
            now.tabs = 0;
        }
        note_tabs(&now, at, here.tabs);
    }
    return 1;
}
