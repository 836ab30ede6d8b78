/* Which variables count where it is not known by name which were read. */
#ifndef PREFORK_VARIABLES_H
#define PREFORK_VARIABLES_H

#include <stdbool.h>

/* For all of these: a name, or NAME=VALUE. */

/* Those that the launcher itself puts in or takes out of setup's environment. */
bool is_ours(const char *variable);

/* Differ from one shell, terminal or login to the next and say nothing about how a program should behave.
 * They count if they are read by name, but not where a script merely copies its whole environment. */
bool is_volatile(const char *variable);

/* The fixed list, for where nobody can note what is read (another interpreter, no observer): what decides
 * colours, language and debugging output at load, and what Node, V8, OpenSSL and libc read when a process
 * starts. */
bool is_fixed(const char *variable);

/* Those that libc and its loader read by themselves, where no observer sees it: they always count. */
bool is_unseen(const char *variable);

#endif
