# Answers to q4: typical confusions of articles, with the points that they still earn.

# %% mutant privacy-swapped earns 4.33
case_1, case_2, case_3, case_4, case_5 = "12", "15", "16", "17", "19"
case_6, case_7, case_8, case_9 = "20", "21", "22", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant fit-and-trained-swapped earns 4.33
case_1, case_2, case_3, case_4, case_5 = "12", "16", "15", "17", "19"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant everything-is-the-agreement earns 3.67
case_1, case_2, case_3, case_4, case_5 = "14", "15", "16", "14", "19"
case_6, case_7, case_8, case_9 = "21", "20", "14", "14"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant safety-is-insurance earns 4
case_1, case_2, case_3, case_4, case_5 = "17", "17", "17", "17", "19"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant only-the-first-four earns 1.33
case_1, case_2, case_3, case_4 = "12", "15", "16", "17"

# %% mutant duties-confused earns 4
case_1, case_2, case_3, case_4, case_5 = "12", "15", "16", "17", "25"
case_6, case_7, case_8, case_9 = "21", "20", "25", "22"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant one-letter-for-all earns 0.33
case_1 = case_2 = case_3 = case_4 = case_5 = case_6 = case_7 = case_8 = case_9 = "25"

# %% mutant shifted-by-one earns 2.33
case_1, case_2, case_3, case_4, case_5 = "14", "16", "17", "19", "20"
case_6, case_7, case_8, case_9 = "22", "21", "25", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant numbers-without-quotation-marks earns 2
case_1, case_2, case_3, case_4, case_5 = 12, 15, 16, 17, 19
case_6, case_7, case_8, case_9 = 21, 20, 22, 25
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% equivalent spaces-and-full-stops
case_1, case_2, case_3, case_4, case_5 = " 12", "15.", "16 ", "17", "19)"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% equivalent full-width
case_1, case_2, case_3, case_4, case_5 = "１２", "１５", "１６", "１７", "１９"
case_6, case_7, case_8, case_9 = "２１", "２０", "２２", "２５"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "apart", "apart", "no"

# %% mutant ask-for-everything earns 3.67
case_1, case_2, case_3, case_4, case_5 = "12", "15", "16", "17", "19"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone = skills = fingerprint = illnesses = bank_account = size_of_home = "ask"

# %% mutant nothing-at-all earns 3.33
case_1, case_2, case_3, case_4, case_5 = "12", "15", "16", "17", "19"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone = skills = fingerprint = illnesses = bank_account = size_of_home = "no"

# %% mutant apart-to-be-safe earns 4
case_1, case_2, case_3, case_4, case_5 = "12", "15", "16", "17", "19"
case_6, case_7, case_8, case_9 = "21", "20", "22", "25"
telephone = skills = fingerprint = illnesses = bank_account = size_of_home = "apart"

# %% mutant three-confusions earns 2.67
case_1, case_2, case_3, case_4, case_5 = "14", "16", "15", "17", "19"
case_6, case_7, case_8, case_9 = "20", "21", "22", "25"
telephone, skills, fingerprint, illnesses, bank_account, size_of_home = "ask", "ask", "apart", "no", "ask", "no"
