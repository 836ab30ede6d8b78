/* The command line. */
#ifndef LAUNCHER_OPTIONS_H
#define LAUNCHER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* One -E or -G: their order is part of the ident. */
struct ident_option {
    char letter;
    const char *text;
};

struct options {
    bool fresh;         /* -f */
    bool kill;          /* --kill */
    bool warm;          /* --warm */
    bool own;           /* --own: of bin/prefork, for the management command itself; not documented */
    bool any_directory; /* -C */
    bool explain;       /* --explain; kill is set too, as nothing is to be run */
    int explain_to;
    const char *ident; /* -g, or null */
    bool one_word;     /* the options and the interpreter came in one word, as from #! */
    struct ident_option *ident_options;
    size_t ident_option_count;
    char *interpreter;
    char **interpreter_arguments;
    size_t interpreter_argument_count;
    char *script;     /* null: none was given */
    char **arguments; /* what follows the script, ended by a null pointer */
    size_t argument_count;
};

/* Reads the command line. Ends the process after --help, --version and a usage error. */
void parse_options(int argc, char **argv, struct options *options);

#endif
