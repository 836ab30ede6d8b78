/* Which program this process becomes. */
#ifndef PREFORK_OBSERVER_NEXT_H
#define PREFORK_OBSERVER_NEXT_H

/* Before a file is executed that is found as execvp finds it. */
void tell_next_found(const char *file);

/* When a program begins: notes that others ran before it which nobody could look into. */
void check_program(void);

#endif
