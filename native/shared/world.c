#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "variables.h"

#define TAG_AT 20
#define TAG_DIGITS 12

static void write_hex(const uint8_t *bytes, size_t digits, char *text) {
    for (size_t i = 0; i < digits; i++)
        text[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
}

struct telling {
    struct sha256 hash;
    struct parts *parts;
};

/* Length and kind first, so that no two lists of items make the same bytes; and few of them, as every call
 * hashes them. */
static void hash(struct telling *telling, char kind, const void *data, size_t size) {
    uint32_t head = (uint32_t)size << 8 | (uint8_t)kind;
    sha256_add(&telling->hash, &head, sizeof head);
    sha256_add(&telling->hash, data, size);
}

static void add(struct telling *telling, char kind, const char *label, const void *data, size_t size) {
    hash(telling, kind, data, size);
    if (telling->parts) parts_add_world(telling->parts, label, data, size);
}

static int compare_names(const void *variable, const void *name) {
    const char *a = variable, *b = *(const char *const *)name;
    for (; *b && *a == *b; a++)
        b++;
    int left = *a == '=' ? 0 : (unsigned char)*a;
    return left - (unsigned char)*b;
}

/* The value of each name, one pass over the environment: of a name that stands there twice the first counts,
 * as for getenv. */
static void add_named(struct telling *telling, const struct world *world, const struct looks *looks) {
    static const char *found[LOOKS_NAMES_MAX];
    memset(found, 0, looks->count * sizeof *found);
    for (char *const *variable = world->environment; looks->count && *variable; variable++) {
        const char *const *name =
            bsearch(*variable, looks->names, looks->count, sizeof *looks->names, compare_names);
        if (name && !found[name - looks->names]) found[name - looks->names] = *variable;
    }
    for (size_t i = 0; i < looks->count; i++)
        if (found[i])
            add(telling, 'e', "environment", found[i], strlen(found[i]));
        else
            add(telling, 'n', "not in the environment", looks->names[i], strlen(looks->names[i]));
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those of which this is true, in order; to be freed. */
static const char **choose(const struct world *world, const struct looks *looks, size_t *count,
                           bool (*is_chosen)(const struct looks *looks, const char *variable)) {
    size_t room = 0;
    while (world->environment[room])
        room++;
    const char **chosen = calloc(room + 1, sizeof *chosen);
    if (!chosen) abort(); /* a name that leaves something out would be a wrong one */
    *count = 0;
    for (char *const *variable = world->environment; *variable; variable++)
        if (!is_our_variable(*variable) && is_chosen(looks, *variable)) chosen[(*count)++] = *variable;
    qsort(chosen, *count, sizeof *chosen, compare_texts);
    return chosen;
}

static bool unseen(const struct looks *looks, const char *variable) {
    (void)looks;
    return is_unseen(variable);
}

static bool fixed(const struct looks *looks, const char *variable) {
    return looks->fixed && is_fixed(variable);
}

static bool weighs(const struct looks *looks, const char *variable) {
    return looks_weight(looks, variable) != WEIGHT_NONE;
}

static void add_chosen(struct telling *telling, const struct world *world, const struct looks *looks,
                       char kind, bool (*is_chosen)(const struct looks *looks, const char *variable)) {
    size_t count;
    const char **chosen = choose(world, looks, &count, is_chosen);
    for (size_t i = 0; i < count; i++)
        add(telling, kind, "environment", chosen[i], strlen(chosen[i]));
    free(chosen);
}

/* As much of each variable as it weighs. */
static void add_all(struct telling *telling, const struct world *world, const struct looks *looks) {
    size_t count;
    const char **chosen = choose(world, looks, &count, weighs);
    for (size_t i = 0; i < count; i++)
        if (looks_weight(looks, chosen[i]) == WEIGHT_VALUE)
            add(telling, 'a', "whole environment", chosen[i], strlen(chosen[i]));
        else
            add(telling, 'l', "in the environment", chosen[i], strcspn(chosen[i], "="));
    free(chosen);
}

static void tell_names(struct telling *telling, const struct world *world, const struct looks *looks) {
    size_t count;
    const char **chosen = choose(world, looks, &count, weighs);
    for (size_t i = 0; i < count; i++)
        parts_add_world(telling->parts, "in the environment", chosen[i], strcspn(chosen[i], "="));
    free(chosen);
}

static uint64_t scatter(uint64_t hash) {
    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
    return hash ^ hash >> 31;
}

/*
 * The names that there are, in whatever order: a sum of two numbers for each. A script that loads the package
 * debug has this in each of its calls, and 60 names in order, and hashed one by one, took 10 us. Nobody gains
 * by two sets with the same sum: who can choose these names can choose what is run.
 */
static void add_names(struct telling *telling, const struct world *world, const struct looks *looks) {
    uint64_t sums[2] = {0};
    for (char *const *variable = world->environment; *variable; variable++) {
        uint64_t one = 0xcbf29ce484222325u, other = 5381;
        if (is_our_variable(*variable) || !weighs(looks, *variable)) continue;
        for (const char *c = *variable; *c && *c != '='; c++) {
            one = (one ^ (unsigned char)*c) * 0x100000001b3u;
            other = other * 0x9e3779b97f4a7c15u + (unsigned char)*c;
        }
        sums[0] += scatter(one);
        sums[1] += scatter(other);
    }
    hash(telling, 's', sums, sizeof sums);
    if (telling->parts) tell_names(telling, world, looks);
}

/* What is ignored is told too: a server made before the script said so does not answer those who come after.
 */
static void add_whole(struct telling *telling, const struct world *world, const struct looks *looks) {
    if (looks->all)
        add_all(telling, world, looks);
    else if (looks->listed)
        add_names(telling, world, looks);
    for (size_t i = 0; i < looks->ignored_count && (looks->all || looks->listed); i++)
        add(telling, 'i', "ignored variable", looks->ignored[i], strlen(looks->ignored[i]));
}

static void add_terminals(struct telling *telling, const struct world *world, const struct looks *looks) {
    static const char *const labels[] = {"stdin is a terminal", "stdout is a terminal",
                                         "stderr is a terminal"};
    for (int fd = 0; fd < 3; fd++)
        if (looks->terminals[fd])
            add(telling, (char)('0' + fd), labels[fd], world->terminals[fd] ? "yes" : "no", 3);
}

void world_ident(const struct world *world, const struct looks *looks, char ident[IDENT_DIGITS + 1],
                 struct parts *parts) {
    struct telling telling = {.parts = parts};
    uint8_t digest[SHA256_SIZE];
    sha256_start(&telling.hash);
    sha256_add(&telling.hash, world->base, sizeof world->base);
    add_chosen(&telling, world, looks, 'u', unseen);
    add_named(&telling, world, looks);
    add_whole(&telling, world, looks);
    if (looks->fixed) add_chosen(&telling, world, looks, 'f', fixed);
    if (looks->directory && !world->any_directory)
        add(&telling, 'd', "cwd", world->directory, sizeof world->directory);
    if (looks->umask) {
        char digits[sizeof "037777777777"];
        add(&telling, 'k', "umask that is asked for", digits, (size_t)sprintf(digits, "%03o", world->umask));
    }
    add_terminals(&telling, world, looks);
    sha256_finish(&telling.hash, digest);
    write_hex(digest, IDENT_DIGITS, ident);
    write_hex(world->base, TAG_DIGITS, ident + TAG_AT);
    ident[IDENT_DIGITS] = '\0';
}

struct looks_name looks_name(const uint8_t base[SHA256_SIZE]) {
    struct looks_name name = {.text = "w"};
    write_hex(base, IDENT_DIGITS, name.text + 1);
    return name;
}

bool ident_is_of(const char *ident, const char *looks_name) {
    return strlen(ident) >= IDENT_DIGITS_MIN && strlen(looks_name) > TAG_DIGITS &&
           !strncmp(ident + TAG_AT, looks_name + 1, TAG_DIGITS);
}
