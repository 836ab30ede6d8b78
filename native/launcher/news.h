/* Which lines are worth saying. What makes a script run plainly may last, and a line at every call of a hook
 * would be noise. */
#ifndef LAUNCHER_NEWS_H
#define LAUNCHER_NEWS_H

#include <stdbool.h>
#include <sys/stat.h>

#include "call.h"

/*
 * Whether it is to be said that this holds for the call's script: true once a minute for the same script and
 * the same reason, and at every call with PREFORK_INTERP_DEBUG. The run directory remembers it; where there
 * is none, or it takes no more, nothing is news.
 */
bool is_news(struct call *call, const char *reason);

/* Whether a file was written within that minute. */
bool is_recent(const struct stat *file);

#endif
