/*
 * Math.random in siblings. V8 keeps a generator in each context, and one in the isolate that seeds those of
 * contexts which have none yet. A fork copies them all. docs/fork.md has what is known of them.
 */
#ifndef PREFORK_RANDOM_H
#define PREFORK_RANDOM_H

#include <node_api.h>

/* In the server: from here on every context takes a new seed at its next Math.random. `of_new_context` is an
 * object of a context that was made just now and has called Math.random once: it shows where V8 keeps its
 * generators. Returns NULL, or what was not found (then nothing was changed). */
const char *random_forget_seeds(napi_value of_new_context);

/* In an executor: what seeds come from is its own. Does nothing where it was not found. */
void random_renew(void);

#endif
