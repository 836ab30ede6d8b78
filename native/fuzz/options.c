/* The command line, and what it and NODE_OPTIONS forbid: words that end with a NUL each; the last one stands
 * in NODE_OPTIONS. */
#include "launcher/options.h"

#include <limits.h>
#include <string.h>

#include "harness.h"
#include "launcher/call.h"
#include "launcher/obstacle.h"

#define WORDS_MAX 64
#define TEXT_MAX 8192

extern char **environ;

static char text[TEXT_MAX + 1], node_options[TEXT_MAX + sizeof "NODE_OPTIONS="];
static char *words[WORDS_MAX + 2];
static int count;
static struct call call;

static void parse(void) {
    parse_options(count, words, &call.options);
    check_obstacles(&call);
}

static void check(const struct options *options) {
    for (size_t i = 0; i < options->interpreter_argument_count; i++)
        fuzz_check(options->interpreter_arguments[i] != NULL, "an argument is missing");
    for (size_t i = 0; i < options->argument_count; i++)
        fuzz_check(options->arguments[i] != NULL, "an argument is missing");
    fuzz_check(!options->argument_count || !options->arguments[options->argument_count],
               "the arguments do not end");
    fuzz_check(options->interpreter != NULL, "there is no interpreter");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char name[] = "prefork-interp", *variables[] = {node_options, NULL};
    if (size > TEXT_MAX) return -1;
    memcpy(text, data, size);
    text[size] = '\0';
    memset(&call, 0, sizeof call);
    call.interpreter.node = true;
    call.limits[RLIMIT_NOFILE].rlim_cur = 1024;
    count = 0;
    words[count++] = name;
    for (char *word = text; word < text + size && count <= WORDS_MAX; word += strlen(word) + 1)
        words[count++] = word;
    strcpy(stpcpy(node_options, "NODE_OPTIONS="), count > 1 ? words[count - 1] : "");
    if (count > 2) count--;
    words[count] = NULL;
    char **before = environ;
    environ = variables;
    if (fuzz_run(parse)) check(&call.options);
    environ = before;
    return 0;
}
