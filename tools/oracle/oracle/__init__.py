"""The oracle: generated programs, judged by running them and by refleak."""
