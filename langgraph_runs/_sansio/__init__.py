"""The protocol of the runs API without I/O, clock or sleep: values in, values out."""
