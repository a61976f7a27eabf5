module bio.plugin/@NAME@

go 1.19
