/* From JavaScript's values to C's and back. What is no value of the kind that is asked for leaves the
 * default. */
#ifndef PREFORK_VALUES_H
#define PREFORK_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a file has for JavaScript: a list of functions, ended by one without a name. */
struct binding {
    const char *name;
    napi_callback call;
};

/* Returns how many there were; the others are undefined. */
size_t arguments_of(napi_env env, napi_callback_info info, napi_value *values, size_t room);

/* Default: -1. */
int32_t int_of(napi_env env, napi_value value);

/* Default: false. */
bool bool_of(napi_env env, napi_value value);

/* The caller frees it. Default: NULL. */
char *text_of(napi_env env, napi_value value);

/* Of an object. Default: 0. */
double number_property(napi_env env, napi_value object, const char *name);
bool bool_property(napi_env env, napi_value object, const char *name);
char *text_property(napi_env env, napi_value object, const char *name);

napi_value text_or_null(napi_env env, const char *text);
napi_value truth(napi_env env, bool value);

/* Gives an object a property of its own; to set one would call a setter that a script has put on the
 * prototype of all objects. */
bool set_own(napi_env env, napi_value object, const char *name, napi_value value);

#endif
