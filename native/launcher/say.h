/* What the launcher says on stderr: one line each, `prefork-interp: ...`. */
#ifndef LAUNCHER_SAY_H
#define LAUNCHER_SAY_H

#include <stdnoreturn.h>

#define EXIT_LAUNCHER 127 /* the launcher itself failed */

/* Says one line. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says one line when PREFORK_INTERP_DEBUG=1. */
void say_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says one line and ends with EXIT_LAUNCHER. */
noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
