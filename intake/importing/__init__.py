"""A spreadsheet's season: one CSV file of guests, beds and bed-nights, read and judged line by line.

The file is UTF-8 text; its cells stand apart by semicolons, commas or tabs. The first line names the columns,
in any order and in large or small letters; columns of other names are not read. Empty lines are passed over.
The lines may come in any order. Dates read 2026-01-31, 31.01.2026 or 31/01/2026, times 19:30, 19.30 or 19h30.

The column `kind` says what a line is. Without that column every line is a night.

kind `bed`: a bed that stood in the house.
  bed (or label)        its label, at most 12 characters; large and small letters are the same
  dormitory             its room, by code or by name
  zone                  men, women, families, workers, dogs or isolation; once for each room is enough
  level                 bottom (also when empty), middle or top
  step_free             yes or no
  date                  the night from which it stood there; empty: the first night on which its room is used
  left_on               the date from which it was gone; empty: it still stands there
  A bed that the house knows already needs no line, unless it is used before the night from which it is known.

kind `guest`: a person.
  ref (or guest)        whatever the spreadsheet calls them: a number, a code
  name                  the name as said
  family_name, sleeps (men, women, family or ask; empty: ask), birth_year, nationality (two letters)
  left_on               the date from which they no longer slept there
  guest_number          the number of their guest file, if the house has one: then no other is begun, and
                        what else the line says of them is not taken over

kind `night`: one person in one bed for one night.
  date (or night)       the date of the evening
  bed (or label)        where
  ref (or guest)        who; or their name, family_name and birth_year as on the guest's line, where only one
                        guest is called so. In a file without a single guest line a night may name its guest
                        in the columns above: the same ref, or without one the same name, family name and
                        year of birth, is the same person
  arrived, left         local times; empty: 19:30 and 08:00

Nothing here knows a database. `reading` turns bytes into rows of cells, `cells` a cell into a value, `lines`
rows into beds, guests and nights; `people` finds out who is meant, `beds` what stands where; `judging` holds
all lines against each other and against what is `known`.
"""
