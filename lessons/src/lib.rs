//! Reads, judges and proves lessons.
