/* The request: how it comes in pieces, version and descriptors, then what comes. */
#include "addon/request.h"

#include <string.h>

#include "harness.h"

static struct call call;
static bool good;

static void parse(void) {
    good = request_read(64, &call, INT64_MAX);
}

static size_t sum_of(char *const *strings, size_t count) {
    size_t sum = count;
    for (size_t i = 0; i < count; i++)
        sum = sum * 31 + strlen(strings[i]);
    return sum;
}

/* What was understood, as a number that is 0 when nothing was. */
static size_t understand(const uint8_t *data, size_t size, uint8_t pieces, size_t descriptors,
                         bool extended) {
    size_t variables = 0;
    memset(&call, 0, sizeof call);
    call.extended = extended;
    good = false;
    fuzz_input(data, size, pieces, descriptors, extended ? 1 : 3);
    if (!fuzz_run(parse) || !good) return 0;
    fuzz_check(call.descriptor_count == fuzz_descriptors_left(), "descriptors are lost");
    while (call.environment[variables])
        variables++;
    fuzz_check(!call.arguments[call.argument_count], "the arguments do not end");
    return 1 + sum_of(call.environment, variables) + 7 * sum_of(call.arguments, call.argument_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return -1;
    bool extended = !(data[1] & 0x80);
    size_t descriptors = extended ? data[1] & 0x7f : data[1] & 3;
    size_t at_once = understand(data + 2, size - 2, 0, descriptors, extended);
    size_t in_pieces = understand(data + 2, size - 2, data[0], descriptors, extended);
    fuzz_check(at_once == in_pieces, "in pieces it is another request");
    return 0;
}
