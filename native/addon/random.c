#include "random.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/random.h>

#include "image.h"
#include "peek.h"
#include "symbols.h"

/* Numbers that V8 makes ahead, where it does. */
#define AHEAD 64
/* Beyond the size of any isolate so far (about 70 KB). */
#define ISOLATE_MOST ((size_t)1 << 20)
#define PIECE 4096
#define SLOTS_MOST 4096
#define CONTEXTS_MOST 100000
#define CANDIDATES 16

struct generator {
    uint64_t s0, s1;
};

/* A native context and arrays begin alike: map, length, then what they hold. */
struct array {
    uintptr_t map;
    uint64_t length;
    uintptr_t slots[];
};

static struct {
    struct generator *isolate; /* seeds a context's generator; NULL: not found */
    size_t state;              /* slot of a context's generator */
    size_t next;               /* slot of the context made before */
    bool ahead;                /* the slot before counts numbers made ahead, which the slot after holds */
} found;

/* xorshift128+, as V8's base::RandomNumberGenerator has it. */
static void step_back(struct generator *generator) {
    uint64_t s0 = generator->s0, s1 = generator->s1 ^ s0 ^ (s0 >> 26);
    s1 ^= s1 >> 17 ^ s1 >> 34 ^ s1 >> 51;
    s1 ^= s1 << 23 ^ s1 << 46;
    *generator = (struct generator){.s0 = s1, .s1 = s0};
}

static uint64_t murmur_hash_3(uint64_t h) {
    h = (h ^ h >> 33) * 0xff51afd7ed558ccd;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53;
    return h ^ h >> 33;
}

/* What a context's generator begins with when the isolate's has just given eight bytes for its seed. */
static struct generator seeded_by(struct generator isolate) {
    uint64_t seed = 0;
    for (int byte = 7; byte >= 0; byte--) {
        seed |= (isolate.s0 + isolate.s1) >> 56 << 8 * byte;
        step_back(&isolate);
    }
    return (struct generator){murmur_hash_3(seed), murmur_hash_3(~seed)};
}

static bool is_object(uintptr_t word) {
    return (word & 3) == 1;
}

static struct array *array_at(uintptr_t word) {
    return (struct array *)(word - 1);
}

static uint64_t small_integer(uint64_t number) {
    return number << 32;
}

static bool has_length(uintptr_t word, uint64_t length) {
    struct array head;
    return is_object(word) && peek(array_at(word), &head, sizeof head) &&
           head.length == small_integer(length);
}

static size_t slots_of(const struct array *context) {
    size_t count = context->length >> 32;
    return context->length == small_integer(count) && count < SLOTS_MOST ? count : 0;
}

/* A generator of the new context, and what it began with if that many numbers have been made since. */
struct seeded {
    size_t slot;
    bool ahead;
    struct generator start;
};

static struct seeded started(size_t slot, struct generator now, int made) {
    for (int i = 0; i < made; i++)
        step_back(&now);
    return (struct seeded){.slot = slot, .ahead = made == AHEAD, .start = now};
}

/* Few slots lead to something of a generator's size. Returns how many were found. */
static size_t list_generators(const struct array *context, struct seeded *list, size_t room) {
    size_t count = 0;
    for (size_t slot = 1; slot + 1 < slots_of(context) && count + 2 <= room; slot++) {
        struct generator generator;
        uintptr_t word = context->slots[slot];
        if (!has_length(word, sizeof generator) || !peek(array_at(word)->slots, &generator, sizeof generator))
            continue;
        if (has_length(context->slots[slot + 1], AHEAD)) list[count++] = started(slot, generator, AHEAD);
        list[count++] = started(slot, generator, 1);
    }
    return count;
}

static bool explains(struct generator isolates, const struct seeded *list, size_t count) {
    struct generator start = seeded_by(isolates);
    for (size_t i = 0; i < count; i++) {
        if (start.s0 != list[i].start.s0 || start.s1 != list[i].start.s1) continue;
        found.state = list[i].slot;
        found.ahead = list[i].ahead;
        return true;
    }
    return false;
}

/* Words that lead into Node itself are many, and each look costs a system call. */
static bool may_lead_to_generator(uintptr_t word, const struct image *image) {
    if (word < PIECE || word >> 48 || word % sizeof(uint64_t)) return false;
    return word < image->start || word >= image->end;
}

/* The isolate holds a pointer to { initial seed, generator }: the one that gave the new context its seed. */
static struct generator *find_isolates(const struct array *new_context) {
    static uintptr_t words[PIECE / sizeof(uintptr_t)];
    struct seeded list[CANDIDATES];
    struct image image = {0};
    size_t count = list_generators(new_context, list, CANDIDATES);
    uintptr_t isolate = (uintptr_t)node.current_isolate();
    image_of(node.current_isolate, &image);
    for (uintptr_t at = isolate, end; count > 0 && at < isolate + ISOLATE_MOST; at = end) {
        end = (at | (PIECE - 1)) + 1;
        if (!peek((void *)at, words, end - at)) break;
        for (size_t i = 0; i < (end - at) / sizeof *words; i++) {
            struct generator *candidate = (struct generator *)(words[i] + sizeof(uint64_t)), generator;
            if (may_lead_to_generator(words[i], &image) && peek(candidate, &generator, sizeof generator) &&
                explains(generator, list, count))
                return candidate;
        }
    }
    return NULL;
}

/* Contexts are a list, and only contexts have as many slots. */
static bool find_next(const struct array *context) {
    for (size_t slot = slots_of(context); slot-- > 0;) {
        uintptr_t word = context->slots[slot];
        if (!is_object(word) || array_at(word) == context || !has_length(word, slots_of(context))) continue;
        found.next = slot;
        return true;
    }
    return false;
}

static void forget_seed(struct array *context) {
    struct array *generator = array_at(context->slots[found.state]);
    generator->slots[0] = generator->slots[1] = 0;
    if (found.ahead) context->slots[found.state - 1] = small_integer(0);
}

static struct array *context_of(void **handle) {
    return handle ? array_at((uintptr_t)*handle) : NULL;
}

const char *random_forget_seeds(napi_value of_new_context) {
    struct array *newest = context_of(node.creation_context(of_new_context));
    struct array *ours = context_of(node.current_context(node.current_isolate()));
    struct generator *isolates = newest && newest != ours ? find_isolates(newest) : NULL;
    if (!isolates) return "V8's generator of random numbers was not found";
    if (!find_next(newest)) return "V8's list of contexts was not found";
    forget_seed(ours);
    struct array *context = newest;
    for (int i = 0; i < CONTEXTS_MOST; i++) {
        uintptr_t next = context->slots[found.next];
        forget_seed(context);
        if (!has_length(next, slots_of(newest))) break;
        context = array_at(next);
    }
    found.isolate = isolates;
    return NULL;
}

void random_renew(void) {
    if (!found.isolate) return;
    while (getrandom(found.isolate, sizeof *found.isolate, 0) < 0 && errno == EINTR)
        continue;
}
