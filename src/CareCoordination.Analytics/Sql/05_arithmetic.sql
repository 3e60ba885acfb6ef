-- Full years from a day to another. Whoever was born on 29 February is a year older on 1 March.
CREATE MACRO age_on(born, today) AS
    date_diff('year', born, today) - CASE WHEN (month(born), day(born)) > (month(today), day(today)) THEN 1 ELSE 0 END;
