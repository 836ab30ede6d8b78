#include "world.h"

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
static void add(struct telling *telling, char kind, const char *label, const void *data, size_t size) {
    uint32_t head = (uint32_t)size << 8 | (uint8_t)kind;
    sha256_add(&telling->hash, &head, sizeof head);
    sha256_add(&telling->hash, data, size);
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

static void add_chosen(struct telling *telling, const struct world *world, char kind, const char *label,
                       bool (*is_chosen)(const char *variable)) {
    size_t room = 0, count = 0;
    while (world->environment[room])
        room++;
    const char **chosen = calloc(room + 1, sizeof *chosen);
    if (!chosen) abort(); /* a name that leaves something out would be a wrong one */
    for (char *const *variable = world->environment; *variable; variable++)
        if (!is_ours(*variable) && is_chosen(*variable)) chosen[count++] = *variable;
    qsort(chosen, count, sizeof *chosen, compare_texts);
    for (size_t i = 0; i < count; i++)
        add(telling, kind, label, chosen[i], strlen(chosen[i]));
    free(chosen);
}

static bool is_stable(const char *variable) {
    return !is_volatile(variable);
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
    add_chosen(&telling, world, 'u', "environment", is_unseen);
    add_named(&telling, world, looks);
    if (looks->all) add_chosen(&telling, world, 'a', "whole environment", is_stable);
    if (looks->fixed) add_chosen(&telling, world, 'f', "environment", is_fixed);
    if (looks->directory && !world->any_directory)
        add(&telling, 'd', "cwd", world->directory, sizeof world->directory);
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
