/* Which variables count where it is not known by name which were read. */
#ifndef PREFORK_VARIABLES_H
#define PREFORK_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* For all of these: a name, or NAME=VALUE. */

/* A star at the end of a pattern stands for any ending. */
bool is_in(const char *const *patterns, size_t count, const char *variable);

/* Those that the launcher itself puts in or takes out of setup's environment. */
bool is_our_variable(const char *variable);

/* What a variable decides where a script copies or lists its whole environment. One that is read by name
 * counts, whatever this says. */
enum weight {
    WEIGHT_VALUE, /* its value, and that it is there: what most have */
    WEIGHT_NAME,  /* only that it is there: the value is new for each session, and names nothing to act on */
    WEIGHT_NONE,  /* neither: it comes and goes, and says nothing about how a program should behave */
};
enum weight weight_of(const char *variable);

/* The fixed list, for where nobody can note what is read (another interpreter, no observer): what decides
 * colours, language and debugging output at load, and what Node, V8, OpenSSL and libc read when a process
 * starts. */
bool is_fixed(const char *variable);

/* Those that libc and its loader read by themselves, where no observer sees it: they always count. */
bool is_unseen(const char *variable);

#endif
