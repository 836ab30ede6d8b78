/*
 * What initialisation has changed of the process itself stays changed in calls, as it would in a plain run:
 * variables of the environment, the directory, the umask. All else of these is the caller's.
 */
#ifndef PREFORK_KEPT_H
#define PREFORK_KEPT_H

#include <stdbool.h>
#include <stddef.h>

/* When the library loads. environment: the strings that the process was started with, one behind the other;
 * they stay where they are. */
void kept_note(const char *environment, size_t size);

/* The observer's notes: what initialisation has deleted, whether the first caller had it or not. */
void kept_take_notes(int notes);

/* When initialisation is complete. */
void kept_compare(void);

/* The caller's environment with the changes. Returns it as it is where there are none, or no memory. */
char **kept_environment(char **callers);

bool kept_directory(void);
bool kept_umask(void);

#endif
