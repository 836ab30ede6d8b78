#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

#ifndef PFI_VERSION
#define PFI_VERSION "0"
#endif

static const char usage[] =
    "usage: prefork-interp [option ...] interpreter [argument ...] script [argument ...]\n"
    "       prefork-interp '[option ...] interpreter [argument ...]' script [argument ...]\n"
    "       prefork-interp [option,...],interpreter[,argument,...] script [argument ...]\n"
    "as in #!/usr/bin/prefork-interp -U node\n"
    "\n"
    "  -U          pass all arguments and the environment to every call (required)\n"
    "  -C          calls from every directory share a server\n"
    "  -f          end the script's server, if any, and start another\n"
    "  --kill      end the script's server, if any, and run nothing\n"
    "  --warm      start the script's server, if there is none, and run nothing\n"
    "  --explain[=N]  print the name of the script's server, and what makes it, to\n"
    "              descriptor N (else 1), and run nothing\n"
    "  -E VAR      calls that differ in the variable VAR get servers of their own\n"
    "  -G STRING   calls that differ in STRING get servers of their own\n"
    "  -g IDENT    calls with the same IDENT share a server, whatever else differs\n"
    "  --help      this text\n"
    "  --version   the version\n"
    "\n"
    "Before the script, words that start with - are the interpreter's. Variables:\n"
    "  PREFORK_INTERP_DISABLE=1   run the script plainly\n"
    "  PREFORK_INTERP_DEBUG=1     say why a call was not served by a waiting process\n"
    "  PREFORK_INTERP_WAIT        seconds to wait for a server (1 to 3600, else 30)\n"
    "  PREFORK_INTERP_SETUP_WAIT  seconds initialisation may take (1 to 3600, else 60)\n"
    "  PREFORK_INTERP_SERVERS     live servers a user may have (1 to 1000, else 16)\n";

/* Where the next word comes from: first the one word (taken apart), then the arguments. */
struct words {
    char *rest;     /* of the one word, or null */
    char separator; /* that ended the last piece of it */
    char **next;
};

static void print_and_leave(const char *text) {
    size_t size = strlen(text);
    _exit(write(STDOUT_FILENO, text, size) == (ssize_t)size ? 0 : EXIT_LAUNCHER);
}

/* Takes the next piece off the one word. A space is looked for first, then a comma. */
static char *split_word(struct words *words) {
    char *piece = words->rest + strspn(words->rest, " ");
    char *end = strchr(piece, ' ');
    if (!end) end = strchr(piece, ',');
    words->rest = NULL;
    if (end) {
        words->separator = *end;
        *end = '\0';
        words->rest = end + 1;
        if (!words->rest[strspn(words->rest, " ")]) words->rest = NULL;
    }
    return *piece ? piece : NULL;
}

static char *next_word(struct words *words) {
    if (words->rest) return split_word(words);
    return *words->next ? *words->next++ : NULL;
}

static char *next_value(struct words *words, char letter) {
    char *value = next_word(words);
    if (!value) die("option -%c needs a value (see --help)", letter);
    return value;
}

static bool is_file_name(const char *text) {
    return *text && !text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")];
}

static void set_ident(struct options *options, const char *ident) {
    if (!is_file_name(ident))
        die("the ident of -g must consist of letters, digits, '.', '_' and '-': %s", ident);
    options->ident = ident;
}

static void add_ident_option(struct options *options, char letter, const char *text) {
    options->ident_options[options->ident_option_count++] = (struct ident_option){letter, text};
}

/* Nothing is to be run, as with --kill. */
static void explain_to(struct options *options, const char *number) {
    size_t digits = strspn(number, "0123456789");
    if (!digits || digits > 6 || number[digits])
        die("--explain needs the number of a descriptor, not %s (see --help)", number);
    options->explain = options->kill = true;
    options->explain_to = atoi(number);
}

static void parse_long(const char *word, struct options *options) {
    if (!strcmp(word, "--kill"))
        options->kill = true;
    else if (!strcmp(word, "--warm"))
        options->warm = true;
    else if (!strcmp(word, "--own"))
        options->own = true;
    else if (!strcmp(word, "--explain") || !strncmp(word, "--explain=", strlen("--explain=")))
        explain_to(options, word[strlen("--explain")] ? word + strlen("--explain=") : "1");
    else if (!strcmp(word, "--help"))
        print_and_leave(usage);
    else if (!strcmp(word, "--version"))
        print_and_leave("prefork-interp " PFI_VERSION "\n");
    else
        die("unknown option %s (see --help)", word);
}

/* A cluster of letters; E, G and g take the rest of the word, or the next one, as their value. */
static void parse_letters(char *word, struct words *words, struct options *options, bool *unlaundered) {
    for (char *letter = word + 1; *letter; letter++) {
        char *value = letter[1] ? letter + 1 : NULL;
        switch (*letter) {
        case 'U':
            *unlaundered = true;
            continue;
        case 'C':
            options->any_directory = true;
            continue;
        case 'f':
            options->fresh = true;
            continue;
        case 'E':
        case 'G':
            add_ident_option(options, *letter, value ? value : next_value(words, *letter));
            return;
        case 'g':
            set_ident(options, value ? value : next_value(words, *letter));
            return;
        default:
            die("unknown option -%c (see --help)", *letter);
        }
    }
}

/* What follows the interpreter in the one word, split at what ended the interpreter: behind a space an
 * argument may hold a comma. */
static void take_rest_of_word(struct words *words, struct options *options) {
    char *word = words->rest;
    words->rest = NULL;
    if (!word) return;
    const char separators[] = {words->separator, '\0'};
    for (char *piece = strtok(word, separators); piece; piece = strtok(NULL, separators))
        options->interpreter_arguments[options->interpreter_argument_count++] = piece;
}

/* The words that start with '-' between interpreter and script. A lone '-' is a script (standard input), and
 * what follows '--' is one, whatever it starts with. */
static void take_dashed_words(struct words *words, struct options *options) {
    while (*words->next && (*words->next)[0] == '-' && (*words->next)[1]) {
        char *word = *words->next++;
        options->interpreter_arguments[options->interpreter_argument_count++] = word;
        if (!strcmp(word, "--")) return;
    }
}

static void take_interpreter(char *word, struct words *words, struct options *options) {
    options->interpreter = word;
    if (options->one_word)
        take_rest_of_word(words, options);
    else
        take_dashed_words(words, options);
    options->script = next_word(words);
    options->arguments = words->next;
    for (char **argument = words->next; *argument; argument++)
        options->argument_count++;
    if (options->one_word && !options->script && !options->kill) die("no script after %s (see --help)", word);
}

/* No list of ours can be longer than the number of words and pieces on the command line. */
static void make_room(int argc, char **argv, struct options *options) {
    size_t most = (size_t)argc + 1 + (argc > 1 ? strlen(argv[1]) : 0);
    options->ident_options = calloc(most, sizeof *options->ident_options);
    options->interpreter_arguments = calloc(most, sizeof *options->interpreter_arguments);
    if (!options->ident_options || !options->interpreter_arguments)
        die("cannot read the command line: no memory");
}

void parse_options(int argc, char **argv, struct options *options) {
    struct words words = {.next = argv + (argc > 0)};
    bool unlaundered = false;
    make_room(argc, argv, options);
    if (argc > 1 && argv[1][0] == '-' && argv[1][strcspn(argv[1], " ,")]) {
        options->one_word = true;
        words.rest = *words.next++;
    }
    char *word;
    while ((word = next_word(&words)) && word[0] == '-' && word[1]) {
        if (!strcmp(word, "--")) {
            word = next_word(&words);
            break;
        }
        if (word[1] == '-')
            parse_long(word, options);
        else
            parse_letters(word, &words, options, &unlaundered);
    }
    if (!unlaundered) die("a way to mediate is required: -U (see --help)");
    if (!word) die("no interpreter given (see --help)");
    take_interpreter(word, &words, options);
}
