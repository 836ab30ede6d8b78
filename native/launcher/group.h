/* The limits of control groups, in the unified hierarchy. */
#ifndef LAUNCHER_GROUP_H
#define LAUNCHER_GROUP_H

#include <stdbool.h>

/* Whether `lacks` says so of this process's control group or of one above it. It gets the group's path below
 * the mount, which is empty for the root. */
bool lacks_in_groups(bool (*lacks)(const char *group));

/* The number in a file of the group, or -1 where there is none: no limit, or no such file. */
long long group_number(const char *group, const char *file);

#endif
