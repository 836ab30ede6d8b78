#include "values.h"

#include <stdlib.h>

size_t arguments_of(napi_env env, napi_callback_info info, napi_value *values, size_t room) {
    size_t count = room;
    napi_get_cb_info(env, info, &count, values, NULL, NULL);
    return count;
}

int32_t int_of(napi_env env, napi_value value) {
    int32_t number = -1;
    napi_get_value_int32(env, value, &number);
    return number;
}

bool bool_of(napi_env env, napi_value value) {
    bool answer = false;
    napi_get_value_bool(env, value, &answer);
    return answer;
}

char *text_of(napi_env env, napi_value value) {
    size_t length;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return NULL;
    char *text = malloc(length + 1);
    if (text) napi_get_value_string_utf8(env, value, text, length + 1, &length);
    return text;
}

double number_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    double number = 0;
    if (napi_get_named_property(env, object, name, &value) == napi_ok)
        napi_get_value_double(env, value, &number);
    return number;
}

bool bool_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    return napi_get_named_property(env, object, name, &value) == napi_ok && bool_of(env, value);
}

char *text_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    return napi_get_named_property(env, object, name, &value) == napi_ok ? text_of(env, value) : NULL;
}

napi_value text_or_null(napi_env env, const char *text) {
    napi_value value;
    if (!text || napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) != napi_ok)
        napi_get_null(env, &value);
    return value;
}

napi_value truth(napi_env env, bool value) {
    napi_value result;
    napi_get_boolean(env, value, &result);
    return result;
}

bool set_own(napi_env env, napi_value object, const char *name, napi_value value) {
    napi_property_descriptor property = {
        .utf8name = name, .value = value, .attributes = napi_default_jsproperty};
    return napi_define_properties(env, object, 1, &property) == napi_ok;
}
