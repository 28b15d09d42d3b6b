/* Posting lists, added up: what webapp/retrieval/kernel.py calls when this was compiled, and does without when not.
 *
 * Every sum is made in the order of the terms' numbers, in 32-bit floating point without fused operations, as SciPy's
 * csc_matvec makes it: scores are the same to the last bit whoever made them.
 *
 * Rows are gone through in windows that stay in the processor's first cache. Every posting is added: leaving out lists
 * that cannot bring another row to the front (MaxScore) took longer than adding them. Lists come from a file: nothing is
 * written outside a window, whatever they hold.
 */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define API __attribute__((visibility("default")))
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

enum { WINDOW = 8192, BLOCK = 64, SPARSE = 16, BEST_MOST = 1024, COLUMNS = 2048, LINE = 16, AHEAD = 256 };
enum { TERMS_MOST = 1024, SLOT_BITS = 11, PAIRWISE = 8, PAIRWISE_MOST = 128 };
enum { WORD_BITS = 13, WORDS_MOST = 1 << 12, GRAMS_MOST = 1 << 15, UNIQUE_MOST = 1 << 13 };

#if defined(__GNUC__)
#define ahead(address) __builtin_prefetch(address)
#else
#define ahead(address) ((void)0)
#endif

#ifndef SOURCE_CRC32
#define SOURCE_CRC32 0u
#endif

/* What this was compiled from. */
API const uint32_t newsstand_source = SOURCE_CRC32;

static const int64_t DAMAGED = -1, TOO_MANY = -2;
/* Above nothing at all. */
static const float LEAST = 1e-45f;

/* What a count counts: 1 + ln(count), 0 for none; a larger one counts as the last. */
typedef struct {
    const double *values;
    int64_t n;
} Frequency;

typedef struct {
    const uint64_t *keys;        /* the first eight bytes of each term, as a number, in order */
    const uint8_t *texts;        /* the terms themselves, one after another */
    const int64_t *text_starts;
    int64_t n_terms;
    const float *idf;
    const int32_t *starts;       /* n_terms + 1 */
    const int32_t *rows;
    const float *weights;
    int64_t n_rows, n_postings;
    Frequency frequency;
} Field;

typedef struct {
    const int32_t *rows;
    const float *weights;
    int64_t at, end;             /* what is left of the list */
    float weight;                /* of the term in the question */
} List;

typedef struct {
    float score;
    int32_t row;
} Hit;

static inline float larger(float one, float other) {
    return one > other ? one : other;
}

/* Terms */

static uint64_t key_of(const uint8_t *text, int64_t length) {
    uint64_t key = 0;
    for (int64_t i = 0; i < 8; i++) key = key << 8 | (i < length ? text[i] : 0);
    return key;
}

static int compare(const Field *field, int64_t place, const uint8_t *text, int64_t length) {
    int64_t begin = field->text_starts[place], own = field->text_starts[place + 1] - begin;
    int order = memcmp(field->texts + begin, text, (size_t)(own < length ? own : length));
    return order ? order : (own > length) - (own < length);
}

/* The number of a term, -1 for one that is not there. */
static int64_t place_of(const Field *field, const uint8_t *text, int64_t length) {
    uint64_t key = key_of(text, length);
    int64_t low = 0, high = field->n_terms;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        uint64_t there = field->keys[middle];
        if (there < key || (there == key && compare(field, middle, text, length) < 0)) low = middle + 1;
        else high = middle;
    }
    if (low < field->n_terms && field->keys[low] == key && compare(field, low, text, length) == 0) return low;
    return -1;
}

/* The number of each of some terms, each ended by a zero byte; -1 for one that is not there. */
API int64_t newsstand_places(const Field *field, const uint8_t *terms, int64_t n_bytes, int64_t *places) {
    for (const uint8_t *end = terms + n_bytes; terms < end;) {
        int64_t length = (int64_t)strlen((const char *)terms);
        *places++ = place_of(field, terms, length);
        terms += length + 1;
    }
    return 0;
}

/* The sum that NumPy makes, in double and in single precision. */
#define PAIRWISE_SUM(name, number)                                                                                      \
    static number name(const number *values, int64_t n) {                                                              \
        number sum = 0;                                                                                                \
        int64_t i = 0;                                                                                                 \
        if (n > PAIRWISE_MOST) {                                                                                       \
            int64_t half = n / 2 - n / 2 % PAIRWISE;                                                                   \
            return name(values, half) + name(values + half, n - half);                                                 \
        }                                                                                                              \
        if (n >= PAIRWISE) {                                                                                           \
            number r[PAIRWISE];                                                                                        \
            for (int j = 0; j < PAIRWISE; j++) r[j] = values[j];                                                       \
            for (i = PAIRWISE; i < n - n % PAIRWISE; i += PAIRWISE)                                                    \
                for (int j = 0; j < PAIRWISE; j++) r[j] += values[i + j];                                              \
            sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));                                   \
        }                                                                                                              \
        for (; i < n; i++) sum += values[i];                                                                           \
        return sum;                                                                                                    \
    }
PAIRWISE_SUM(pairwise, double)
PAIRWISE_SUM(pairwise_single, float)

/* Which terms of a question there are, in the order of their numbers, and how often each is said.
 *
 * `terms` are each ended by a zero byte, in any order. Returns how many there are, or TOO_MANY for more than `room`.
 */
API int64_t newsstand_said(
    const Field *field, const uint8_t *terms, int64_t n_bytes, int64_t room, int64_t *numbers, int64_t *counts
) {
    int64_t k = 0;
    for (const uint8_t *end = terms + n_bytes; terms < end;) {
        int64_t length = (int64_t)strlen((const char *)terms);
        int64_t number = place_of(field, terms, length), low = 0, high = k;
        terms += length + 1;
        if (number < 0) continue;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (numbers[middle] < number) low = middle + 1;
            else high = middle;
        }
        if (low < k && numbers[low] == number) {
            counts[low]++;
            continue;
        }
        if (k == room) return TOO_MANY;
        memmove(numbers + low + 1, numbers + low, (size_t)(k - low) * sizeof *numbers);
        memmove(counts + low + 1, counts + low, (size_t)(k - low) * sizeof *counts);
        numbers[low] = number;
        counts[low] = 1;
        k++;
    }
    return k;
}

static double frequency_of(const Frequency *frequency, int64_t count) {
    return frequency->values[count < frequency->n ? count : frequency->n - 1];
}

/* What each term of a question weighs; all together have length one. There are at most TERMS_MOST. */
static void weigh(
    const Frequency *frequency, const float *idf, const int64_t *numbers, const int64_t *counts, int64_t k, double *found
) {
    double squares[TERMS_MOST];
    squares[0] = 0;
    for (int64_t i = 0; i < k; i++) {
        found[i] = frequency_of(frequency, counts[i]) * idf[numbers[i]];
        squares[i] = found[i] * found[i];
    }
    double length = sqrt(pairwise(squares, k));
    if (length < 1e-9) length = 1e-9;
    for (int64_t i = 0; i < k; i++) found[i] /= length;
}

/* The list of a term with that number; whether it is within the field's. */
static int list_of(const Field *field, int64_t number, double weight, List *list) {
    int64_t begin = field->starts[number], end = field->starts[number + 1];
    *list = (List){field->rows, field->weights, begin, end, (float)weight};
    return begin >= 0 && begin <= end && end <= field->n_postings;
}

/* Lists */

/* The first place from `at` on whose row is not less. */
static int64_t first_from(const int32_t *rows, int64_t at, int64_t end, int32_t row) {
    int64_t step = 1;
    if (at >= end || rows[at] >= row) return at;
    while (step < end - at && rows[at + step] < row) {
        at += step;
        step *= 2;
    }
    int64_t low = at + 1, high = at + step < end ? at + step : end;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (rows[middle] < row) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int is_worse(Hit one, Hit other) {
    return one.score < other.score || (one.score == other.score && one.row > other.row);
}

/* The best so far, the worst of them first: a heap. */
typedef struct {
    Hit hits[BEST_MOST];
    int64_t n, count;
} Best;

/* Put a hit in place of the first one, and what is worst first again. */
static void sift(Hit *hits, int64_t n, Hit hit) {
    int64_t at = 0;
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= n) break;
        if (child + 1 < n && is_worse(hits[child + 1], hits[child])) child++;
        if (!is_worse(hits[child], hit)) break;
        hits[at] = hits[child];
        at = child;
    }
    hits[at] = hit;
}

static void consider(Best *best, float score, int32_t row) {
    Hit hit = {score, row};
    if (best->n == best->count) {
        if (is_worse(best->hits[0], hit)) sift(best->hits, best->n, hit);
        return;
    }
    int64_t at = best->n++;
    for (; at && is_worse(hit, best->hits[(at - 1) / 2]); at = (at - 1) / 2) best->hits[at] = best->hits[(at - 1) / 2];
    best->hits[at] = hit;
}

/* Put the best first. */
static void sort(Best *best) {
    for (int64_t n = best->n - 1; n > 0; n--) {
        Hit last = best->hits[n];
        best->hits[n] = best->hits[0];
        sift(best->hits, n, last);
    }
}

/* Put them in the order of their rows. */
static void in_order(Best *best) {
    for (int64_t i = 1; i < best->n; i++) {
        Hit hit = best->hits[i];
        int64_t at = i;
        for (; at && best->hits[at - 1].row > hit.row; at--) best->hits[at] = best->hits[at - 1];
        best->hits[at] = hit;
    }
}

/* Whether one of BLOCK scores is more. */
static inline int any_above(const float *scores, float least) {
    int found = 0;
    for (int i = 0; i < BLOCK; i++) found |= scores[i] > least;
    return found;
}

/* Whether one of BLOCK scores is not less. */
static inline int any_from(const float *scores, float least) {
    int found = 0;
    for (int i = 0; i < BLOCK; i++) found |= scores[i] >= least;
    return found;
}

/* Whether every row is one of `size` from `begin` on. */
static inline int all_within(const int32_t *rows, int64_t n, uint32_t begin, uint32_t size) {
    uint32_t most = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t place = (uint32_t)rows[i] - begin;
        most = place > most ? place : most;
    }
    return !n || most < size;
}

/* Have postings of a list brought into the cache. */
static inline void fetch(const List *list, int64_t at, int64_t n) {
    for (int64_t i = 0; i < n; i += LINE) {
        ahead(list->rows + at + i);
        ahead(list->weights + at + i);
    }
}

/* The foremost rows; nothing of `best` need be set but the count. */
WIDE static int64_t search(int64_t n_rows, List *lists, int64_t k, Best *best) {
    _Alignas(64) float scores[WINDOW];
    int64_t from[TERMS_MOST];
    for (int64_t i = 0; i < k; i++) {
        int64_t n = lists[i].end - lists[i].at;
        fetch(&lists[i], lists[i].at, n < AHEAD ? n : AHEAD);
    }
    memset(scores, 0, sizeof scores);
    best->n = 0;
    for (;;) {
        int64_t begin = n_rows, seen = 0;
        for (int64_t i = 0; i < k; i++)
            if (lists[i].at < lists[i].end) {
                int64_t row = lists[i].rows[lists[i].at];
                if (row < 0 || row >= n_rows) return DAMAGED;
                if (row < begin) begin = row;
            }
        if (begin == n_rows) return best->n;
        int64_t size = n_rows - begin < WINDOW ? n_rows - begin : WINDOW;
        for (int64_t i = 0; i < k; i++) {
            List *list = &lists[i];
            int64_t at = list->at, end = first_from(list->rows, at, list->end, (int32_t)(begin + size));
            if (!all_within(list->rows + at, end - at, (uint32_t)begin, (uint32_t)size)) return DAMAGED;
            for (int64_t j = at; j < end; j++) scores[list->rows[j] - begin] += list->weights[j] * list->weight;
            from[i] = at;
            list->at = end;
            seen += end - at;
            fetch(list, end + (end - at), end - at + LINE);
        }
        if (seen * SPARSE < size) {
            for (int64_t i = 0; i < k; i++)
                for (int64_t at = from[i]; at < lists[i].at; at++) {
                    int32_t row = lists[i].rows[at];
                    float *score = &scores[row - begin];
                    /* A row that several lists hold is considered once. */
                    if (*score > 0) consider(best, *score, row);
                    *score = 0;
                }
            continue;
        }
        for (int64_t block = 0; block < size; block += BLOCK) {
            /* Rows that hold nothing are never among the foremost; of equal ones the earlier is there already. */
            if (!any_above(scores + block, best->n == best->count ? best->hits[0].score : 0)) continue;
            for (int64_t at = block; at < block + BLOCK; at++)
                if (scores[at] > 0) consider(best, scores[at], (int32_t)(begin + at));
        }
        memset(scores, 0, (size_t)size * sizeof *scores);
    }
}

/* The rows that hold most of a question, the best first, the earlier first among equals.
 *
 * `terms` are those of the question, each ended by a zero byte, in any order and as often as they are said. Returns how
 * many rows there are, at most `count`; DAMAGED; or TOO_MANY when there is more to do than there is room for.
 */
API int64_t newsstand_foremost(const Field *field, const uint8_t *terms, int64_t n_bytes, int64_t count, int32_t *rows) {
    List lists[TERMS_MOST];
    int64_t numbers[TERMS_MOST], counts[TERMS_MOST];
    double weights[TERMS_MOST];
    Best best;
    if (count < 1 || count > BEST_MOST) return TOO_MANY;
    int64_t k = newsstand_said(field, terms, n_bytes, TERMS_MOST, numbers, counts);
    if (k < 0) return k;
    weigh(&field->frequency, field->idf, numbers, counts, k, weights);
    for (int64_t i = 0; i < k; i++)
        if (!list_of(field, numbers[i], weights[i], &lists[i])) return DAMAGED;
    best.count = count;
    int64_t found = search(field->n_rows, lists, k, &best);
    if (found > 0) {
        sort(&best);
        for (int64_t i = 0; i < found; i++) rows[i] = best.hits[i].row;
    }
    return found;
}

/* Add a list to the scores of all rows; whether every row is one of them. */
static inline int add_up(const List *list, uint32_t n_rows, float *restrict scores) {
    const int32_t *restrict rows = list->rows;
    const float *restrict weights = list->weights;
    const float weight = list->weight;
    int64_t at = list->at, end = list->end;
    for (; at + LINE <= end; at += LINE) {
        ahead(rows + at + AHEAD);
        ahead(weights + at + AHEAD);
        if (!all_within(rows + at, LINE, 0, n_rows)) return 0;
        for (int i = 0; i < LINE; i++) scores[rows[at + i]] += weights[at + i] * weight;
    }
    if (!all_within(rows + at, end - at, 0, n_rows)) return 0;
    for (; at < end; at++) scores[rows[at]] += weights[at] * weight;
    return 1;
}

/* Add the lists of a question to the scores of all rows, the shortest of them, until so many postings; at least one.
 *
 * `numbers` and `counts` are what newsstand_said found. What is left out is put into `left`, begin and end of each
 * list, with its weight; returns how many are, DAMAGED or TOO_MANY.
 */
WIDE API int64_t newsstand_estimate(
    const Field *field, const int64_t *numbers, const int64_t *counts, int64_t k, int64_t most, float *scores,
    int32_t *left, float *left_weights
) {
    List lists[TERMS_MOST];
    double weights[TERMS_MOST];
    int32_t order[TERMS_MOST];
    uint8_t added[TERMS_MOST] = {0};
    int64_t postings = 0, n_left = 0;
    if (k > TERMS_MOST) return TOO_MANY;
    weigh(&field->frequency, field->idf, numbers, counts, k, weights);
    for (int64_t i = 0; i < k; i++) {
        if (!list_of(field, numbers[i], weights[i], &lists[i])) return DAMAGED;
        postings += lists[i].end - lists[i].at;
    }
    if (postings > most) {
        for (int64_t i = 0; i < k; i++) {
            int64_t at = i, length = lists[i].end - lists[i].at;
            for (; at && lists[order[at - 1]].end - lists[order[at - 1]].at > length; at--) order[at] = order[at - 1];
            order[at] = (int32_t)i;
        }
        postings = 0;
        for (int64_t i = 0; i < k; i++) {
            postings += lists[order[i]].end - lists[order[i]].at;
            if (i && postings > most) break;
            added[order[i]] = 1;
        }
    } else
        memset(added, 1, sizeof added);
    for (int64_t i = 0; i < k; i++) {
        List *list = &lists[i];
        if (!added[i]) {
            left[2 * n_left] = (int32_t)list->at;
            left[2 * n_left + 1] = (int32_t)list->end;
            left_weights[n_left++] = list->weight;
            continue;
        }
        if (!add_up(list, (uint32_t)field->n_rows, scores)) return DAMAGED;
    }
    return n_left;
}

/* The first place whose row is not less, looked for from `guess` on, in either direction. */
static int64_t first_near(const int32_t *rows, int64_t begin, int64_t end, int64_t guess, int32_t row) {
    int64_t step = 1;
    if (begin >= end) return end;
    if (guess >= end) guess = end - 1;
    if (rows[guess] < row) return first_from(rows, guess, end, row);
    while (guess - step >= begin && rows[guess - step] >= row) {
        guess -= step;
        step *= 2;
    }
    return first_from(rows, guess - step < begin ? begin : guess - step, guess, row);
}

/* Add what lists say of `n` rows to what was found of them; `edges` are begin and end of each list.
 *
 * Lists are long, and rows stand in them about where they would if all were as far from each other.
 */
API int64_t newsstand_at(
    const Field *field, const int32_t *edges, const float *weights, int64_t k, const int32_t *rows, int64_t n, float *found
) {
    for (int64_t i = 0; i < k; i++) {
        int64_t begin = edges[2 * i], end = edges[2 * i + 1];
        if (begin < 0 || end > field->n_postings) return DAMAGED;
        double density = (double)(end - begin) / (double)field->n_rows;
        for (int64_t j = 0; j < n; j++) {
            int64_t guess = begin + (int64_t)(density * rows[j]);
            ahead(field->rows + guess);
            ahead(field->weights + guess);
        }
        for (int64_t j = 0; j < n; j++) {
            int64_t at = first_near(field->rows, begin, end, begin + (int64_t)(density * rows[j]), rows[j]);
            if (at < end && field->rows[at] == rows[j]) found[j] += weights[i] * field->weights[at];
        }
    }
    return 0;
}

/* How many of some scores are not less. */
static inline int64_t count_from(const float *scores, int64_t n, float least) {
    int32_t found = 0;
    for (int64_t i = 0; i < n; i++) found += scores[i] >= least;
    return found;
}

/* A score that at least `count` are not less than, mostly few more: so many columns have such a one. */
static inline float enough_from(const float *scores, int64_t n, int64_t count) {
    enum { STEPS = 24 };
    float largest[COLUMNS], low = 0, high = 0;
    memcpy(largest, scores, sizeof largest);
    for (int64_t row = COLUMNS; row + COLUMNS <= n; row += COLUMNS)
        for (int i = 0; i < COLUMNS; i++) largest[i] = scores[row + i] > largest[i] ? scores[row + i] : largest[i];
    if (count_from(largest, COLUMNS, low) < count) return -INFINITY;
    for (int i = 0; i < COLUMNS; i++) high = largest[i] > high ? largest[i] : high;
    for (int i = 0; i < STEPS; i++) {
        float middle = low + (high - low) / 2;
        if (count_from(largest, COLUMNS, middle) >= count) low = middle;
        else high = middle;
    }
    return low;
}

/* The places of the largest scores, the largest first, the earlier first among equals; at most BEST_MOST. */
WIDE API int64_t newsstand_largest(const float *scores, int64_t n, int64_t count, int64_t *places) {
    Best best = {.count = count};
    if (count < 1 || count > BEST_MOST || n > INT32_MAX) return TOO_MANY;
    /* Where few are wanted of many, nearly all are left out at once. */
    float least = n >= 4 * COLUMNS && count * 2 <= COLUMNS ? enough_from(scores, n, count) : -INFINITY;
    for (int64_t at = 0; at < n;) {
        int64_t end = at + BLOCK < n ? at + BLOCK : n;
        /* Of equal ones the earlier is there already. */
        if (end == at + BLOCK
            && !(best.n == count ? any_above(scores + at, best.hits[0].score) : any_from(scores + at, least))) {
            at = end;
            continue;
        }
        for (; at < end; at++)
            if (scores[at] >= least) consider(&best, scores[at], (int32_t)at);
    }
    sort(&best);
    for (int64_t i = 0; i < best.n; i++) places[i] = best.hits[i].row;
    return best.n;
}

/* Passages in documents and paragraphs; rows in passages. */
typedef struct {
    const int64_t *first_passage; /* of each document, and where the last ends */
    const int32_t *document_of;
    const int64_t *first_row;     /* of each passage, and where the last ends */
    const int32_t *row_passage, *paragraph_of;
    int64_t n_documents, n_passages, n_rows;
} Passages;

/* Where `k` terms stand in `d` documents: each passage once a term.
 *
 * `slots` are told for the terms. Returns how many places there are, DAMAGED, or TOO_MANY for more than `room`.
 */
API int64_t newsstand_standing(
    const Field *field, const Passages *all, const int64_t *numbers, const int64_t *slots, int64_t k,
    const int64_t *documents, int64_t d, int64_t room, int32_t *passages, int64_t *of_slots, int64_t *of_documents
) {
    int64_t found = 0;
    for (int64_t i = 0; i < k; i++) {
        List list;
        if (!list_of(field, numbers[i], 0, &list)) return DAMAGED;
        for (int64_t j = 0; j < d; j++) {
            int32_t last = -1;
            if (documents[j] < 0 || documents[j] >= all->n_documents) return DAMAGED;
            int64_t first = all->first_passage[documents[j]], end = all->first_passage[documents[j] + 1];
            if (first < 0 || first > end || end > all->n_passages) return DAMAGED;
            int64_t first_row = all->first_row[first], end_row = all->first_row[end];
            if (first_row < 0 || end_row > all->n_rows) return DAMAGED;
            for (int64_t at = first_from(list.rows, list.at, list.end, (int32_t)first_row); at < list.end; at++) {
                int32_t row = list.rows[at];
                if (row >= end_row) break;
                if (row < first_row) return DAMAGED;
                /* The rows of a passage follow each other. */
                if (all->row_passage[row] == last) continue;
                if (found == room) return TOO_MANY;
                last = passages[found] = all->row_passage[row];
                of_slots[found] = slots[i];
                of_documents[found++] = j;
            }
        }
    }
    return found;
}

/* The `count`-th largest score: the largest one that so many are not less than, as each step halves what it may be. */
static inline float nth_largest(const float *scores, int64_t n, int64_t count) {
    /* Bits of floating-point numbers are in their order, those of negative ones the other way round. */
    int64_t low = (int32_t)(0xff800000u ^ 0x7fffffffu), high = 0x7f800000;
    float found = -INFINITY;
    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        int32_t bits = (int32_t)(middle >= 0 ? middle : middle ^ 0x7fffffff);
        float least;
        memcpy(&least, &bits, sizeof least);
        if (count_from(scores, n, least) >= count) {
            low = middle;
            found = least;
        } else
            high = middle - 1;
    }
    return found;
}

/* The places of the `count` largest scores that are not less than `least`, in order; the earlier ones among equals. */
static inline int64_t select_largest(const float *scores, int64_t n, int64_t count, float least, int32_t *places) {
    enum { ROOM = 4096 };
    float among[ROOM];
    int32_t there[ROOM];
    int64_t m = 0, found = 0;
    if (n >= 4 * COLUMNS && count * 2 <= COLUMNS) {
        float enough = enough_from(scores, n, count);
        if (enough > least) least = enough;
    }
    for (int64_t at = 0; at < n && m <= ROOM;) {
        int64_t end = at + BLOCK < n ? at + BLOCK : n;
        if (end == at + BLOCK && !any_from(scores + at, least)) {
            at = end;
            continue;
        }
        for (; at < end; at++)
            if (scores[at] >= least) {
                if (m < ROOM) {
                    among[m] = scores[at];
                    there[m] = (int32_t)at;
                }
                m++;
                if (m > ROOM) break;
            }
    }
    int many = m > ROOM;
    if (!many && m <= count) {
        memcpy(places, there, sizeof *there * (size_t)m);
        return m;
    }
    const float *from = many ? scores : among;
    int64_t size = many ? n : m;
    float last = nth_largest(from, size, count);
    if (last < least) last = least;
    int64_t equal = count;
    for (int64_t i = 0; i < size; i++) equal -= from[i] > last;
    for (int64_t i = 0; i < size && found < count; i++) {
        if (from[i] < last || (from[i] == last && equal-- <= 0)) continue;
        places[found++] = many ? (int32_t)i : there[i];
    }
    return found;
}

/* What a passage holds by its best row, its document and the local coverage; passages are told in order. */
typedef struct {
    const int32_t *passages;
    const float *shares;
    int64_t n, at;
    float share;
} Local;

static inline int64_t judge(
    const Passages *all, const float *by_row, const float *by_document, Local *local, int64_t passage, Best *best
) {
    int64_t begin = all->first_row[passage], end = all->first_row[passage + 1];
    int32_t document = all->document_of[passage];
    if (begin < 0 || begin >= end || end > all->n_rows || document < 0 || document >= all->n_documents) return DAMAGED;
    float total = by_row[begin];
    for (int64_t row = begin + 1; row < end; row++) total = by_row[row] > total ? by_row[row] : total;
    total += by_document[document];
    while (local->at < local->n && local->passages[local->at] < passage) local->at++;
    if (local->at < local->n && local->passages[local->at] == passage) total += local->share * local->shares[local->at];
    consider(best, total, (int32_t)passage);
    return 0;
}

/* The passages that are foremost, and all others of their paragraphs.
 *
 * They are looked for among those of the `n_documents` foremost documents and those of the `n_rows` foremost rows that
 * hold something. Found are passages, which of the paragraphs each is in, where its rows begin (and the last ends); where
 * the rows of each paragraph begin; the rows; the paragraphs. `counts` is how many passages, paragraphs and rows there
 * are. Returns 0, DAMAGED or TOO_MANY.
 */
WIDE API int64_t newsstand_pool(
    const Passages *all, const float *by_row, const float *by_document, int64_t n_documents, int64_t n_rows,
    const int32_t *local_passages, const float *local_shares, int64_t n_local, float share, int64_t count, int64_t room,
    int64_t *passages, int64_t *paragraph_of, int64_t *first_row, int64_t *first_of_paragraph, int64_t *rows,
    int32_t *paragraphs, int64_t *counts
) {
    enum { NEXT = 3 };
    int32_t documents[BEST_MOST], foremost[BEST_MOST];
    Local local = {local_passages, local_shares, n_local, 0, share};
    Best best = {.count = count};
    if (count < 1 || count > BEST_MOST || n_documents > BEST_MOST || n_rows > BEST_MOST) return TOO_MANY;
    if (all->n_rows > INT32_MAX) return TOO_MANY;
    n_documents = select_largest(by_document, all->n_documents, n_documents, -INFINITY, documents);
    if (n_rows) n_rows = select_largest(by_row, all->n_rows, n_rows, LEAST, foremost);
    int64_t last = -1, next_row = 0;
    /* Documents stand far from each other, so what is known of the next ones is fetched meanwhile. */
    for (int64_t i = 0; i < n_documents; i++) ahead(all->first_passage + documents[i]);
    for (int64_t i = 0; i < n_rows; i++) ahead(all->row_passage + foremost[i]);
    for (int64_t i = 0; i <= n_documents; i++) {
        int64_t begin = all->n_passages, end = begin;
        if (i + 2 * NEXT < n_documents) {
            ahead(all->first_row + all->first_passage[documents[i + 2 * NEXT]]);
            ahead(all->document_of + all->first_passage[documents[i + 2 * NEXT]]);
        }
        if (i + NEXT < n_documents) {
            int64_t next = all->first_passage[documents[i + NEXT]];
            if (next >= 0 && next < all->n_passages) ahead(by_row + all->first_row[next]);
        }
        if (i < n_documents) {
            begin = all->first_passage[documents[i]];
            end = all->first_passage[documents[i] + 1];
        }
        if (begin < 0 || end > all->n_passages) return DAMAGED;
        for (; next_row < n_rows; next_row++) {
            int64_t passage = all->row_passage[foremost[next_row]];
            if (passage < 0 || passage >= all->n_passages) return DAMAGED;
            if (passage >= begin) break;
            if (passage <= last) continue;
            if (judge(all, by_row, by_document, &local, passage, &best) < 0) return DAMAGED;
            last = passage;
        }
        for (; begin < end; begin++) {
            if (judge(all, by_row, by_document, &local, begin, &best) < 0) return DAMAGED;
            last = begin;
        }
    }
    in_order(&best);
    int64_t p = 0, q = 0, r = 0;
    for (int64_t i = 0; i < best.n; i++) {
        int64_t passage = best.hits[i].row;
        int32_t paragraph = all->paragraph_of[passage];
        if (q && paragraphs[q - 1] == paragraph) continue;
        if (q == room) return TOO_MANY;
        while (passage && all->paragraph_of[passage - 1] == paragraph) passage--;
        first_of_paragraph[q] = r;
        paragraphs[q] = paragraph;
        for (; passage < all->n_passages && all->paragraph_of[passage] == paragraph; passage++) {
            int64_t begin = all->first_row[passage], end = all->first_row[passage + 1];
            if (begin < 0 || end > all->n_rows) return DAMAGED;
            if (p == room || end - begin > room - r) return TOO_MANY;
            passages[p] = passage;
            paragraph_of[p] = q;
            first_row[p++] = r;
            while (begin < end) rows[r++] = begin++;
        }
        q++;
    }
    first_row[p] = r;
    counts[0] = p;
    counts[1] = q;
    counts[2] = r;
    return 0;
}

/* What is known of the `p` passages of a pool, their rows and paragraphs. */
typedef struct {
    const int64_t *passages, *rows;
    const int64_t *first_row;    /* where the rows of each passage begin among them, and where the last ends */
    const int64_t *paragraph_of; /* which of the paragraphs each passage is in */
    const int32_t *document_of;  /* the number of each passage's document */
    const float *row_words, *row_letters, *paragraph_words, *paragraph_letters;
    const float *document_words, *document_letters; /* of the different documents, in order */
    const float *documents;      /* the score of each of all documents */
    const int32_t *local_passages;
    const float *local_shares;
    const float *shares;         /* what paragraphs, documents and the local coverage count */
    int64_t p, n_documents, n_local;
} Choosing;

enum { OF_TEXT, OF_QUESTION, OF_PARAGRAPH, OF_DOCUMENT, LIKENESSES };

/* The `count` foremost passages of a pool, in order, at most BEST_MOST.
 *
 * Found are passages, their documents, the row of each text and of its best question wording (-1 for none), and how like
 * the question each of LIKENESSES is, in words, then in letters, `line` numbers each. Returns how many passages there are,
 * DAMAGED or TOO_MANY.
 */
API int64_t newsstand_choose(
    const Choosing *all, int64_t count, int64_t *passages, int32_t *document_of, int64_t *text_rows,
    int64_t *question_rows, float *alike, int64_t line
) {
    Best best;
    const float *words = all->row_words, *letters = all->row_letters;
    if (count < 1 || count > BEST_MOST || all->p > INT32_MAX) return TOO_MANY;
    best.count = count;
    best.n = 0;
    for (int64_t i = 0, at = 0; i < all->p; i++) {
        int64_t row = all->first_row[i], q = all->paragraph_of[i];
        if (all->document_of[i] < 0 || all->document_of[i] >= all->n_documents) return DAMAGED;
        float total = words[row] + letters[row], share = 0;
        for (row++; row < all->first_row[i + 1]; row++) total = larger(total, words[row] + letters[row]);
        while (at < all->n_local && all->local_passages[at] < all->passages[i]) at++;
        if (at < all->n_local && all->local_passages[at] == all->passages[i]) share = all->local_shares[at];
        total += all->shares[0] * (all->paragraph_words[q] + all->paragraph_letters[q]);
        total += all->shares[1] * all->documents[all->document_of[i]];
        total += all->shares[2] * share;
        consider(&best, total, (int32_t)i);
    }
    in_order(&best);
    for (int64_t i = 0, place = 0, document = 0; i < best.n; i++) {
        float *of_words = alike + i, *of_letters = alike + LIKENESSES * line + i;
        /* Passages of a document follow each other. */
        for (; place < best.hits[i].row; place++) document += all->document_of[place + 1] != all->document_of[place];
        int64_t row = all->first_row[place], text = all->first_row[place + 1] - 1, q = all->paragraph_of[place], asked = row;
        for (; row < text; row++)
            if (words[row] + letters[row] > words[asked] + letters[asked]) asked = row;
        passages[i] = all->passages[place];
        document_of[i] = all->document_of[place];
        text_rows[i] = all->rows[text];
        question_rows[i] = asked < text ? all->rows[asked] : -1;
        of_words[OF_TEXT * line] = words[text];
        of_letters[OF_TEXT * line] = letters[text];
        of_words[OF_QUESTION * line] = asked < text ? words[asked] : 0;
        of_letters[OF_QUESTION * line] = asked < text ? letters[asked] : 0;
        of_words[OF_PARAGRAPH * line] = all->paragraph_words[q];
        of_letters[OF_PARAGRAPH * line] = all->paragraph_letters[q];
        of_words[OF_DOCUMENT * line] = all->document_words[document];
        of_letters[OF_DOCUMENT * line] = all->document_letters[document];
    }
    return best.n;
}

/* Words in rows */

typedef struct {
    const int64_t *first_token;  /* of each row, and where the last ends */
    const int32_t *tokens;       /* the words of all rows, one row after another, by their numbers */
    const int32_t *term_of;      /* the term of each word */
    const int64_t *first_gram;   /* of each word, and where the last ends */
    const int32_t *grams;
    int64_t n_rows, n_tokens, n_words, n_grams;
    Frequency frequency;
} Words;

/* Weights of texts of which few are compared. */
typedef struct {
    const float *idf;
    const float *lengths;        /* of each text, before it is scaled to one */
    int64_t n;
} Weights;

/* Terms of a question, by their numbers. */
typedef struct {
    const int64_t *numbers, *counts;
    int64_t k;
} Said;

/* Which of a question's terms each number is: a hash table. */
typedef struct {
    int32_t number[1 << SLOT_BITS];
    int32_t slot[1 << SLOT_BITS];
} Slots;

static uint32_t hash(int32_t number) {
    return ((uint32_t)number * 2654435761u) >> (32 - SLOT_BITS);
}

static void fill(Slots *slots, const Said *said) {
    memset(slots->slot, -1, sizeof slots->slot);
    for (int64_t i = 0; i < said->k; i++) {
        uint32_t at = hash((int32_t)said->numbers[i]);
        while (slots->slot[at] >= 0) at = (at + 1) % (1 << SLOT_BITS);
        slots->number[at] = (int32_t)said->numbers[i];
        slots->slot[at] = (int32_t)i;
    }
}

static inline int32_t slot_of(const Slots *slots, int32_t number) {
    for (uint32_t at = hash(number);; at = (at + 1) % (1 << SLOT_BITS))
        if (slots->slot[at] < 0 || slots->number[at] == number) return slots->slot[at];
}

/* Words that were met, each once, and which of a question's terms and n-grams each holds. */
typedef struct {
    int32_t places[1 << WORD_BITS];     /* a hash table of them; -1 for none */
    int32_t words[WORDS_MOST];
    int16_t terms[WORDS_MOST];
    int32_t first[WORDS_MOST + 1];
    int16_t slots[GRAMS_MOST];
    int64_t n;
} Met;

/* The place of a word among those that were met, -1 when there is no room for another. */
static inline int32_t meet(Met *met, int32_t word) {
    uint32_t at = ((uint32_t)word * 2654435761u) >> (32 - WORD_BITS);
    for (; met->places[at] >= 0; at = (at + 1) % (1 << WORD_BITS))
        if (met->words[met->places[at]] == word) return met->places[at];
    if (met->n == WORDS_MOST) return -1;
    met->words[met->n] = word;
    return met->places[at] = (int32_t)met->n++;
}

/* Fetch where the words of the `i`-th of some rows are, and the words of one that comes sooner. */
static inline void fetch_row(const Words *words, const int64_t *rows, int64_t n, int64_t i) {
    enum { NEXT = 6 };
    if (i + 2 * NEXT < n) ahead(words->first_token + rows[i + 2 * NEXT]);
    if (i + NEXT < n && rows[i + NEXT] >= 0 && rows[i + NEXT] < words->n_rows)
        ahead(words->tokens + words->first_token[rows[i + NEXT]]);
}

/* Meet the words of a row; 0, DAMAGED or TOO_MANY. */
static inline int64_t meet_row(Met *met, const Words *words, int64_t row) {
    if (row < 0 || row >= words->n_rows) return DAMAGED;
    int64_t begin = words->first_token[row], end = words->first_token[row + 1];
    if (begin < 0 || end > words->n_tokens) return DAMAGED;
    for (int64_t at = begin; at < end; at++) {
        int32_t word = words->tokens[at];
        if (word < 0 || word >= words->n_words) return DAMAGED;
        if (meet(met, word) < 0) return TOO_MANY;
    }
    return 0;
}

/* Look the n-grams of all words up; they stand far from each other, so those of the next words are fetched meanwhile. */
static int64_t look_up(Met *met, const Words *words, const Slots *by_term, const Slots *by_gram) {
    enum { NEXT = 8 };
    int64_t used = 0;
    for (int64_t i = 0; i < met->n; i++) {
        int32_t word = met->words[i];
        if (i + 2 * NEXT < met->n) {
            ahead(words->first_gram + met->words[i + 2 * NEXT]);
            ahead(words->term_of + met->words[i + 2 * NEXT]);
        }
        if (i + NEXT < met->n) ahead(words->grams + words->first_gram[met->words[i + NEXT]]);
        int64_t begin = words->first_gram[word], end = words->first_gram[word + 1];
        if (begin < 0 || end > words->n_grams) return DAMAGED;
        if (end - begin > GRAMS_MOST - used) return TOO_MANY;
        met->terms[i] = (int16_t)slot_of(by_term, words->term_of[word]);
        met->first[i] = (int32_t)used;
        for (; begin < end; begin++) {
            int32_t slot = slot_of(by_gram, words->grams[begin]);
            if (slot >= 0) met->slots[used++] = (int16_t)slot;
        }
    }
    met->first[met->n] = (int32_t)used;
    return 0;
}

static void weigh_texts(const Frequency *frequency, const Weights *weights, const Said *said, double *found) {
    weigh(frequency, weights->idf, said->numbers, said->counts, said->k, found);
    for (int64_t i = 0; i < said->k; i++) found[i] *= weights->idf[said->numbers[i]];
}

/* The cosine of a question with a text that holds so many of each of its terms. */
static float cosine(
    const Frequency *frequency, const int32_t *counts, const double *weights, int64_t k, float length
) {
    double parts[TERMS_MOST];
    parts[0] = 0;
    for (int64_t i = 0; i < k; i++) parts[i] = frequency_of(frequency, counts[i]) * weights[i];
    return (float)(pairwise(parts, k) / (length > 1e-9f ? length : 1e-9f));
}

/* Compare `n` rows, which are those of `q` paragraphs one after another, with a question.
 *
 * `first` is where the rows of each paragraph begin among them. Found are the cosines of the rows' n-grams, and those of
 * the paragraphs' terms and n-grams. Returns 0, DAMAGED or TOO_MANY.
 */
API int64_t newsstand_compare(
    const Words *words, const int64_t *rows, int64_t n, const int32_t *paragraphs, const int64_t *first, int64_t q,
    const Said *terms, const Said *grams, const Weights *of_rows, const Weights *of_terms, const Weights *of_grams,
    float *row_grams, float *paragraph_terms, float *paragraph_grams
) {
    Slots by_term, by_gram;
    double row_weights[TERMS_MOST], term_weights[TERMS_MOST], gram_weights[TERMS_MOST];
    int32_t said[TERMS_MOST], held[TERMS_MOST], row_held[TERMS_MOST];
    Met met;
    if (terms->k > TERMS_MOST || grams->k > TERMS_MOST) return TOO_MANY;
    fill(&by_term, terms);
    fill(&by_gram, grams);
    weigh_texts(&words->frequency, of_rows, grams, row_weights);
    weigh_texts(&words->frequency, of_terms, terms, term_weights);
    weigh_texts(&words->frequency, of_grams, grams, gram_weights);
    memset(said, 0, sizeof *said * (size_t)terms->k);
    memset(held, 0, sizeof *held * (size_t)grams->k);
    for (int64_t i = 0, p = 0, last = 0; i < n;) {
        memset(met.places, -1, sizeof met.places);
        met.n = 0;
        for (; last < n && met.n < WORDS_MOST / 2; last++) {
            fetch_row(words, rows, n, last);
            int64_t done = rows[last] < of_rows->n ? meet_row(&met, words, rows[last]) : DAMAGED;
            if (done < 0) return done;
        }
        int64_t done = look_up(&met, words, &by_term, &by_gram);
        if (done < 0) return done;
        for (; i < last; i++) {
            memset(row_held, 0, sizeof *row_held * (size_t)grams->k);
            for (int64_t at = words->first_token[rows[i]]; at < words->first_token[rows[i] + 1]; at++) {
                int32_t place = meet(&met, words->tokens[at]);
                if (met.terms[place] >= 0) said[met.terms[place]]++;
                for (int64_t j = met.first[place]; j < met.first[place + 1]; j++) row_held[met.slots[j]]++;
            }
            for (int64_t j = 0; j < grams->k; j++) held[j] += row_held[j];
            row_grams[i] = cosine(&words->frequency, row_held, row_weights, grams->k, of_rows->lengths[rows[i]]);
            if (i + 1 < (p + 1 < q ? first[p + 1] : n)) continue;
            int32_t own = paragraphs[p];
            if (own < 0 || own >= of_terms->n || own >= of_grams->n) return DAMAGED;
            paragraph_terms[p] = cosine(&words->frequency, said, term_weights, terms->k, of_terms->lengths[own]);
            paragraph_grams[p++] = cosine(&words->frequency, held, gram_weights, grams->k, of_grams->lengths[own]);
            memset(said, 0, sizeof *said * (size_t)terms->k);
            memset(held, 0, sizeof *held * (size_t)grams->k);
        }
    }
    return 0;
}

/* The different terms of some rows, and which of them each word is, one row after another.
 *
 * A row of -1 has no words. Found are the terms in the order in which they are met (`unique`), the place of each word's
 * term among them (`inverse`), and how many words each row has (`lengths`). Returns how many terms there are, DAMAGED,
 * or TOO_MANY for more than `room` words.
 */
API int64_t newsstand_terms(
    const Words *words, const int64_t *rows, int64_t n, int64_t room, int32_t *unique, int32_t *inverse, int64_t *lengths
) {
    enum { BITS = 14, SIZE = 1 << BITS };
    int32_t places[SIZE];
    int64_t found = 0, met = 0;
    memset(places, -1, sizeof places);
    for (int64_t i = 0; i < n; i++) {
        lengths[i] = 0;
        fetch_row(words, rows, n, i);
        if (rows[i] < 0) continue;
        if (rows[i] >= words->n_rows) return DAMAGED;
        int64_t begin = words->first_token[rows[i]], end = words->first_token[rows[i] + 1];
        if (begin < 0 || end > words->n_tokens) return DAMAGED;
        for (int64_t at = begin; at < end; at++) {
            int32_t word = words->tokens[at];
            if (word < 0 || word >= words->n_words) return DAMAGED;
            int32_t term = words->term_of[word];
            uint32_t place = ((uint32_t)term * 2654435761u) >> (32 - BITS);
            while (places[place] >= 0 && unique[places[place]] != term) place = (place + 1) % SIZE;
            if (met == room) return TOO_MANY;
            if (places[place] < 0) {
                if (found == UNIQUE_MOST) return TOO_MANY;
                places[place] = (int32_t)found;
                unique[found++] = term;
            }
            inverse[met++] = places[place];
            lengths[i]++;
        }
    }
    return found;
}

/* What is known of every term of the rows, and of words in a lexicon. */
typedef struct {
    const int32_t *lexicon_rows; /* of each term, -1 for one that is not there */
    const float *rarity;
    const uint32_t *senses;
    const uint8_t *is_number, *is_name;
    int64_t n_terms;
    const int8_t *vectors;       /* of the lexicon's first rows, shape (n_vectors, dimensions) */
    const float *per_length;
    int64_t n_vectors, dimensions;
    const int32_t *first_related, *related;
    const uint8_t *relatedness;
} Meanings;

/* A question of `m` terms. */
typedef struct {
    const int32_t *lexicon_rows;
    const float *rarity;
    const uint8_t *in_focus;
    const int64_t *numbers;      /* of those terms that rows hold, in order */
    const int64_t *slots;        /* which of the `m` terms each of those is */
    int64_t n_numbers;
    const float *follows;        /* 1 where a term stands right before another, shape (m, m) */
    const int64_t *pairs;        /* terms that stand close to each other, two by two */
    int64_t n_pairs, m;
    int64_t named;               /* kinds of named places that stand for what is asked for */
    const float *shares;         /* see webapp/answering/looking.py: from where on vectors are alike, by what that grows, */
                                 /* what a named place counts, and from where on a word stands for another */
} Question;

/* What rows hold of a question; see webapp/answering/looking.py, where each part is described. */
typedef struct {
    float *held, *alike, *pairs, *close, *covered;
    uint8_t *number, *name;
    uint32_t *senses;
} Seen;

/* Which of a question's terms the one of that number is, -1 for none. */
static inline int64_t asked_slot(const Question *asked, int32_t number) {
    int64_t low = 0, high = asked->n_numbers;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (asked->numbers[middle] < number) low = middle + 1;
        else high = middle;
    }
    return low < asked->n_numbers && asked->numbers[low] == number ? asked->slots[low] : -1;
}

/* How related a row of the lexicon is to another, in [0, 1]. */
static inline float related(const Meanings *known, int32_t row, int32_t to) {
    int64_t begin = known->first_related[to], end = known->first_related[to + 1];
    int64_t at = first_from(known->related, begin, end, row);
    return at < end && known->related[at] == row ? (float)known->relatedness[at] / 100.0f : 0;
}

/* How like each term of a question each of `u` terms is, shape (u, m), and which one it is.
 *
 * The vectors are small whole numbers, their products exact.
 */
WIDE static int64_t liken(
    const Meanings *known, const Question *asked, const int32_t *unique, int64_t u, float *likeness, int16_t *slots
) {
    enum { ROOM = 1 << 14, NEXT = 8 };
    int16_t own[ROOM / 16], vectors[ROOM];
    int64_t m = asked->m, d = known->dimensions;
    const float from = asked->shares[0], share = asked->shares[1], instance = asked->shares[2];
    if (d > ROOM / 16 || m * d > ROOM) return TOO_MANY;
    for (int64_t k = 0; k < m; k++) {
        int32_t row = asked->lexicon_rows[k];
        for (int64_t i = 0; i < d; i++) vectors[k * d + i] = row >= 0 && row < known->n_vectors ? known->vectors[row * d + i] : 0;
    }
    for (int64_t t = 0; t < u; t++) {
        int32_t number = unique[t];
        float *like = likeness + t * m;
        if (number < 0 || number >= known->n_terms) return DAMAGED;
        /* What is known of the next terms stands far apart. */
        if (t + 2 * NEXT < u) {
            ahead(known->lexicon_rows + unique[t + 2 * NEXT]);
            ahead(known->rarity + unique[t + 2 * NEXT]);
        }
        if (t + NEXT < u && unique[t + NEXT] >= 0 && unique[t + NEXT] < known->n_terms) {
            int32_t next = known->lexicon_rows[unique[t + NEXT]];
            ahead(known->senses + unique[t + NEXT]);
            ahead(known->per_length + next);
            for (int64_t i = 0; i < d; i += 64) ahead(known->vectors + next * d + i);
        }
        int64_t slot = asked_slot(asked, number);
        slots[t] = (int16_t)slot;
        memset(like, 0, sizeof *like * (size_t)m);
        /* Function words are like nothing but themselves. */
        if (known->rarity[number] != 0) {
            int32_t row = known->lexicon_rows[number];
            int has_vector = row >= 0 && row < known->n_vectors, is_named = (known->senses[number] & (uint32_t)asked->named) != 0;
            if (has_vector)
                for (int64_t i = 0; i < d; i++) own[i] = known->vectors[row * d + i];
            for (int64_t k = 0; k < m; k++) {
                int32_t other = asked->lexicon_rows[k], product = 0;
                if (asked->rarity[k] == 0) continue;
                if (has_vector && other >= 0 && other < known->n_vectors) {
                    for (int64_t i = 0; i < d; i++) product += own[i] * vectors[k * d + i];
                    float cosine = (float)product * known->per_length[row] * known->per_length[other];
                    float value = (cosine - from) * share;
                    like[k] = value > 0 ? value : 0;
                }
                if (other >= 0 && row >= 0) {
                    float value = related(known, row, other);
                    like[k] = value > like[k] ? value : like[k];
                }
                if (is_named && asked->in_focus[k]) like[k] = instance;
            }
        }
        if (slot >= 0) like[slot] = 1;
    }
    return 0;
}

/* Look at `n` rows, of which the first `texts` are looked through for words that are close.
 *
 * `unique`, `inverse` and `lengths` are what newsstand_terms found; `likeness` has room for (u, m).
 */
API int64_t newsstand_look(
    const Meanings *known, const Question *asked, const int32_t *unique, int64_t u, const int32_t *inverse,
    const int64_t *lengths, int64_t n, int64_t texts, double follow, int64_t close, float *likeness, const Seen *seen
) {
    enum { PAIRS_MOST = 256 };
    uint8_t near[PAIRS_MOST];
    int16_t slots[UNIQUE_MOST];
    int64_t m = asked->m;
    const float like_enough = asked->shares[3];
    if (asked->n_pairs > PAIRS_MOST || u > UNIQUE_MOST) return TOO_MANY;
    int64_t done = liken(known, asked, unique, u, likeness, slots);
    if (done < 0) return done;
    for (int64_t i = 0; i < n; inverse += lengths[i++]) {
        float *held = seen->held + i * m, *alike = seen->alike + i * m;
        double whole = 0, covered = 0, count = 0;
        uint32_t senses = 0;
        memset(near, 0, sizeof near);
        for (int64_t j = 0; j < lengths[i]; j++) {
            int32_t place = inverse[j], term = unique[place];
            int64_t slot = slots[place];
            const float *like = likeness + place * m;
            float best = 0, rarity = known->rarity[term];
            for (int64_t k = 0; k < m; k++) {
                best = like[k] > best ? like[k] : best;
                if (!j || like[k] > alike[k]) alike[k] = like[k];
            }
            whole += rarity;
            covered += best * rarity;
            if (slot >= 0) {
                held[slot] = 1;
                if (j && slots[inverse[j - 1]] >= 0) count += asked->follows[slots[inverse[j - 1]] * m + slot];
            } else {
                seen->number[i] |= known->is_number[term];
                seen->name[i] |= known->is_name[term] & (j > 0);
                if (rarity > 0) senses |= known->senses[term];
            }
            if (i >= texts) continue;
            for (int64_t back = 1; back <= close && back <= j; back++) {
                const float *before = likeness + inverse[j - back] * m;
                for (int64_t p = 0; p < asked->n_pairs; p++) {
                    int64_t left = asked->pairs[2 * p], right = asked->pairs[2 * p + 1];
                    near[p] |= (before[left] >= like_enough && like[right] >= like_enough) ||
                               (before[right] >= like_enough && like[left] >= like_enough);
                }
            }
        }
        seen->covered[i] = (float)(covered / (whole > 1e-9 ? whole : 1e-9));
        seen->senses[i] = senses;
        double share = count / (follow > 1 ? follow : 1);
        seen->pairs[i] = (float)(share < 1 ? share : 1);
        if (i < texts && asked->n_pairs) {
            int64_t found = 0;
            for (int64_t p = 0; p < asked->n_pairs; p++) found += near[p];
            seen->close[i] = (float)found / (float)asked->n_pairs;
        }
    }
    return 0;
}

/* What `n` candidates of `d` documents hold; see webapp/answering/coverage.py, where each part and weight is described. */
typedef struct {
    const float *held, *alike;   /* of a row each: texts, FAQ questions, NEIGHBOURS neighbours; of `alike` leads, too */
    const float *counts;         /* what a word in each neighbour counts, shape (NEIGHBOURS, n) */
    const float *local;          /* shape (d, m) */
    const int64_t *standing;     /* in how many passages, shape (d, m) */
    const int64_t *document_of;  /* which of the `d` documents, those of each following each other */
    const int32_t *paragraph_of; /* in rising order */
    const int32_t *paragraphs;   /* where terms stand, `k` places */
    const int64_t *slots;        /* and which terms */
    const float *english, *corpus;
    const uint8_t *is_name, *is_number, *in_focus;
    const int64_t *part_of, *weight_of; /* of each coverage */
    const float *shares;         /* what a like word in a neighbour, and a word in a paragraph count; what is as good */
    int64_t n, d, m, k, n_coverages;
} Covering;

enum { TEXT, FAQ, EITHER, TEXT_LIKE, FAQ_LIKE, SIMILAR, OUT, FAQ_OUT, BESIDE, NEARBY, ONLY_NEARBY, OR_BESIDE, PARAGRAPH,
       DOCUMENT, PARTS };
enum { LOCAL, ENGLISH, CORPUS, NAMES, NUMBERS, NOUN, BEST, DISTINCTIVE, BEYOND, WEIGHTS };
enum { NEIGHBOURS = 4, ASKED_MOST = 64 };

/* What each term weighs for a candidate, as shares of their sum. */
static void weigh_terms(const Covering *all, int64_t document, double (*weights)[ASKED_MOST]) {
    const float *local = all->local + document * all->m, *lead = all->alike + ((NEIGHBOURS + 2) * all->n + document) * all->m;
    int64_t m = all->m;
    float most = 0;
    for (int64_t k = 0; k < m; k++) most = larger(most, local[k]);
    for (int64_t k = 0; k < m; k++) {
        float english = all->english[k], least = larger(english, 1e-9f);
        weights[LOCAL][k] = local[k];
        weights[ENGLISH][k] = english;
        weights[CORPUS][k] = all->corpus[k];
        weights[NAMES][k] = all->is_name[k] ? english : 0;
        weights[NUMBERS][k] = all->is_number[k];
        weights[NOUN][k] = all->in_focus[k] ? english : 0;
        weights[BEST][k] = local[k] == most && local[k] > 0;
        weights[DISTINCTIVE][k] = local[k] * local[k] * local[k] / (least * least);
        weights[BEYOND][k] = local[k] * (1 - (lead[k] < 1 ? lead[k] : 1));
    }
    for (int64_t w = 0; w < WEIGHTS; w++) {
        double whole = w == BEYOND ? (double)pairwise_single(local, m) : pairwise(weights[w], m);
        if (whole < 1e-9) whole = 1e-9;
        for (int64_t k = 0; k < m; k++) weights[w][k] /= whole;
    }
}

/* The mean of what the candidates from `i` to `end` hold of each term. */
static void average(const float *held, int64_t i, int64_t end, int64_t m, float *means) {
    for (int64_t k = 0; k < m; k++) {
        float sum = 0;
        for (int64_t j = i; j < end; j++) sum += held[j * m + k];
        means[k] = (float)((double)sum / (double)(end - i));
    }
}

/* What candidates hold of each term and what it weighs, for each coverage.
 *
 * Found are `soft`, `nearby` and `inside`, shape (n, m); `covered` and `weighing`, shape (n_coverages, n, m); and the sum
 * of their products, `line` numbers a candidate. Returns 0, DAMAGED or TOO_MANY.
 */
API int64_t newsstand_cover(
    const Covering *all, float *soft, float *nearby, float *inside, float *covered, double *weighing, double *sums,
    int64_t line
) {
    double weights[WEIGHTS][ASKED_MOST], products[ASKED_MOST];
    float parts[PARTS][ASKED_MOST], means[ASKED_MOST], question_means[ASKED_MOST], in_document[ASKED_MOST];
    const int64_t n = all->n, m = all->m, size = n * m;
    const float neighbour = all->shares[0], paragraph = all->shares[1], as_good = all->shares[2];
    if (m > ASKED_MOST) return TOO_MANY;
    for (int64_t at = 0; at < size; at++) soft[at] = larger(all->alike[at], all->alike[size + at]);
    /* Which terms the paragraph of each candidate holds stands in `nearby` until that is known. */
    memset(nearby, 0, (size_t)size * sizeof *nearby);
    for (int64_t at = 0; at < all->k; at++) {
        int64_t i = first_from(all->paragraph_of, 0, n, all->paragraphs[at]);
        if (all->slots[at] < 0 || all->slots[at] >= m) return DAMAGED;
        for (; i < n && all->paragraph_of[i] == all->paragraphs[at]; i++) nearby[i * m + all->slots[at]] = 1;
    }
    for (int64_t i = 0, end = 0; i < n; i++) {
        int64_t document = all->document_of[i];
        if (i == end) {
            if (document < 0 || document >= all->d) return DAMAGED;
            while (end < n && all->document_of[end] == document) end++;
            weigh_terms(all, document, weights);
            average(soft, i, end, m, means);
            average(all->alike + size, i, end, m, question_means);
            for (int64_t k = 0; k < m; k++) {
                in_document[k] = all->standing[document * m + k] > 0;
                for (int64_t j = i; j < end; j++)
                    if (soft[j * m + k] >= as_good) in_document[k] = 1;
            }
        }
        for (int64_t k = 0; k < m; k++) {
            int64_t at = i * m + k;
            float beside = 0, like = 0, either = larger(all->held[at], all->held[size + at]);
            for (int64_t side = 0; side < NEIGHBOURS; side++) {
                float count = all->counts[side * n + i];
                beside = larger(beside, all->held[(side + 2) * size + at] * count);
                like = larger(like, all->alike[(side + 2) * size + at] * count * neighbour);
            }
            parts[PARAGRAPH][k] = larger(either, paragraph * nearby[at]);
            nearby[at] = larger(soft[at], like);
            inside[at] = in_document[k];
            parts[TEXT][k] = all->held[at];
            parts[FAQ][k] = all->held[size + at];
            parts[EITHER][k] = either;
            parts[TEXT_LIKE][k] = all->alike[at];
            parts[FAQ_LIKE][k] = all->alike[size + at];
            parts[SIMILAR][k] = soft[at];
            parts[OUT][k] = soft[at] - means[k];
            parts[FAQ_OUT][k] = all->alike[size + at] - question_means[k];
            parts[BESIDE][k] = larger(either, beside);
            parts[NEARBY][k] = nearby[at];
            parts[ONLY_NEARBY][k] = nearby[at] - soft[at];
            parts[OR_BESIDE][k] = larger(soft[at], beside);
            parts[DOCUMENT][k] = in_document[k];
        }
        for (int64_t c = 0; c < all->n_coverages; c++) {
            const float *part = parts[all->part_of[c]];
            const double *weight = weights[all->weight_of[c]];
            for (int64_t k = 0; k < m; k++) products[k] = (double)part[k] * weight[k];
            memcpy(covered + (c * n + i) * m, part, (size_t)m * sizeof *part);
            memcpy(weighing + (c * n + i) * m, weight, (size_t)m * sizeof *weight);
            sums[i * line + c] = pairwise(products, m);
        }
    }
    return 0;
}
