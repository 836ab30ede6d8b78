/* The launcher's own end. */
#ifndef LAUNCHER_END_H
#define LAUNCHER_END_H

#include <stdnoreturn.h>

#include "call.h"

/* The wait status of a process that left with a code. */
#define STATUS_OF_EXIT(code) ((code) << 8)

/* Ends as a process that waitpid reported with this status has ended, but for the core. */
noreturn void end_as(struct call *call, int status);

#endif
