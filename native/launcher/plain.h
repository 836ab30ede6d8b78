/* The plain run: the interpreter executed as if we were not there. */
#ifndef LAUNCHER_PLAIN_H
#define LAUNCHER_PLAIN_H

#include <stdnoreturn.h>

#include "call.h"

/* A longer reason is cut. */
#define REASON_ROOM 1024

/* Executes interpreter, its arguments, script and arguments with environment, signals and descriptors as we
 * got them, after a line that says why. For what lasts: the line comes once a minute for a script (news.h).
 */
noreturn void run_plainly(struct call *call, const char *why, ...) __attribute__((format(printf, 2, 3)));

/* The same for what has just happened: the line always comes. */
noreturn void run_plainly_this_time(struct call *call, const char *why, ...)
    __attribute__((format(printf, 2, 3)));

/* The same without a word, but for PREFORK_INTERP_DEBUG. */
noreturn void run_plainly_silently(struct call *call, const char *why);

/* With --warm nothing is run: a line says why no process waits for calls, and the status is 1. */
noreturn void not_warm(const struct call *call, const char *why);

/* What the script is called in messages. */
const char *script_name(const struct call *call);

/* argv of a plain run and of setup, ended by a null pointer; allocated. */
char **interpreter_argv(const struct call *call);

#endif
