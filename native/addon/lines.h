/* Which line of the script is running. The stack is read as C++ of Node's would read it; no JavaScript runs.
 * All of it is for the main thread. */
#ifndef PREFORK_LINES_H
#define PREFORK_LINES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

/* False: this Node lacks something, and nothing is ever told. */
bool lines_start(napi_env env);

/* Nothing more is kept. */
void lines_stop(void);

/* A place in a script or module, not in Node itself, to be told later: V8 works out its number only then, as
 * that may mean parsing a whole file again. */
typedef void *line;

/* The innermost on the stack. NULL where there is none, or where the stack cannot be read now. */
line line_now(void);

/* Writes PATH:NUMBER. */
bool line_tell(line which, char *text, size_t size);

void line_forget(line which);

#endif
