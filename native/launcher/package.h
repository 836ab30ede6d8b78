/* The files that came with the launcher. */
#ifndef LAUNCHER_PACKAGE_H
#define LAUNCHER_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

/* The path of a file beside the launcher (above 0) or that many directories above it. False: none is there.
 */
bool find_in_package(int above, const char *name, char *path, size_t room);

#endif
