/*
 * The command line that others see, in ps and /proc/PID/cmdline, and that process.title is a part of. An
 * executor has the server's until its call begins. docs/fork.md has what is known of it.
 */
#ifndef PREFORK_TITLE_H
#define PREFORK_TITLE_H

#include <stddef.h>

#include "call.h"

/* When the library loads: keeps the command line, which a title that the script sets overwrites. Tells where
 * the environment's strings are that the process was started with. */
void title_note(const char **environment, size_t *size);

/* In the server, before its first spare. interpreter_arguments: how many words stand between node and the
 * script. Returns NULL, or why calls will not show their own. */
const char *title_prepare(size_t interpreter_arguments);

/* In an executor: the call's arguments and environment are this process's. */
void title_show(const struct call *call);

#endif
