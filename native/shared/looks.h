/* What the initialisations of a script looked at of their surroundings, and the file that says so. */
#ifndef PREFORK_LOOKS_H
#define PREFORK_LOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "variables.h"

#define LOOKS_TEXT_MAX (16 << 10)
#define LOOKS_NAMES_MAX 2048
#define LOOKS_IGNORED_MAX 64

struct looks {
    bool all;    /* the environment was copied: every variable, as much of each as weight_of says */
    bool listed; /* the names of all variables, but those that weigh nothing */
    bool fixed;  /* the variables of a fixed list: nobody noted which */
    bool directory;
    bool umask;
    bool terminals[3]; /* descriptors 0 to 2 */
    const char *
        names[LOOKS_NAMES_MAX]; /* of variables, in order, each once; under `all` only those of less weight */
    size_t count;
    const char *ignored[LOOKS_IGNORED_MAX]; /* patterns of names that weigh nothing, as the script says */
    size_t ignored_count;
    size_t used;
    char text[LOOKS_TEXT_MAX];
};

/* Adds the name of a variable. One too many, or one that does not fit into a line, means all of them. */
void looks_add(struct looks *looks, const char *name);

/* From now on every variable counts, but those of less weight only that much, unless they were named. */
void looks_add_all(struct looks *looks);

/* As a script says of its own looks, before anything is added. False: it does not fit. */
bool looks_ignore(struct looks *looks, const char *pattern);

/* What a variable decides where these have `all` or `listed`. */
enum weight looks_weight(const struct looks *looks, const char *variable);

/* Adds what another has, and ignores what that ignores instead: the newest initialisation decides. */
void looks_merge(struct looks *looks, const struct looks *other);

bool looks_same(const struct looks *one, const struct looks *other);

/* Reads the file `name` of the run directory. Nothing was looked at where it is missing, is not ours or makes
 * no sense: which server a call may use does not hang on it, only whether it finds it. */
void looks_read(int directory, const char *name, struct looks *looks);

/* Writes it whole or not at all; false with errno. Only under the lock of the run directory. */
bool looks_write(int directory, const char *name, const struct looks *looks);

#endif
