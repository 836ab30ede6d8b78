/*
 * The files that came with the launcher. It lies in its package, ROOT/prebuilds/MACHINE/prefork-interp, or it
 * was installed: PREFIX/bin/prefork-interp, with the rest in PREFIX/lib/prefork-interp (docs/installing.md).
 */
#ifndef LAUNCHER_PACKAGE_H
#define LAUNCHER_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

/* The path of the observer for an interpreter: the one built for its C library. False: it is not there, and
 * the path says where it should be. */
bool find_observer(const char *interpreter, char *path, size_t room);

/* Whether this package is built for the machine and the C library of an interpreter at all. */
bool is_built_for(const char *interpreter);

/* The path of the watcher's program. False: there is none that may be run. */
bool find_watcher(char *path, size_t room);

#endif
