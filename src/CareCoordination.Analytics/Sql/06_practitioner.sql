-- A reference as that of a practitioner: an organisation, a patient or a device is none.
CREATE MACRO practitioner_of(kind, id) AS CASE WHEN kind IN ('Practitioner', 'PractitionerRole') THEN id END;
