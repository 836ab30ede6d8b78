/* The greeting: a byte that says how it comes in pieces, then what comes. */
#include "launcher/greeting.h"

#include <string.h>

#include "harness.h"

static struct call call;
static struct conversation conversation;
static bool whole;

static void parse(void) {
    call.deadline = 0;
    whole = read_greeting(&call, &conversation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return -1;
    whole = false;
    memset(&conversation, 0, sizeof conversation);
    fuzz_input(data + 1, size - 1, data[0], 0, 0);
    if (!fuzz_run(parse) || !whole || !conversation.unforked) return 0;
    const char *end = conversation.greeting + sizeof conversation.greeting;
    fuzz_check(conversation.extended, "a reason without the extension");
    fuzz_check(conversation.unforked > conversation.greeting && conversation.unforked < end &&
                   memchr(conversation.unforked, '\0', (size_t)(end - conversation.unforked)),
               "the reason does not end in the greeting");
    return 0;
}
