/* Closing descriptors by the range. */
#ifndef PREFORK_CLOSE_BETWEEN_H
#define PREFORK_CLOSE_BETWEEN_H

/* Closes all from first to last; INT_MAX: to the end. */
void close_between(int first, int last);

#endif
