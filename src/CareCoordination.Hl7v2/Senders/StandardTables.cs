using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace CareCoordination.Hl7v2.Senders;

/// <summary>
/// What the codes of HL7's tables are in FHIR, as the concept maps of the v2-to-FHIR guide have it (https://build.fhir.org/ig/HL7/v2-to-fhir/);
/// where it has none, of what the tables say. Codes that mean nothing in FHIR are absent.
/// </summary>
internal static class StandardTables
{
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";
    private const string Act = Terminology + "v3-ActCode";
    private const string Marital = Terminology + "v3-MaritalStatus";
    private const string NullFlavor = Terminology + "v3-NullFlavor";
    private const string Priority = Terminology + "v3-ActPriority";
    private const string Role = Terminology + "v3-RoleCode";
    private const string AdmitSource = Terminology + "admit-source";
    private const string DiagnosisRole = Terminology + "diagnosis-role";
    private const string Language = "urn:ietf:bcp:47";
    private const string Subscriber = Terminology + "subscriber-relationship";

    /// <summary>Discharge dispositions of the National Uniform Billing Committee, of which HL7 table 0112 is an older copy.</summary>
    public const string Nubc = "https://www.nubc.org/CodeSystem/PatDischargeStatus";

    private static readonly int[] DischargeStatuses =
    [
        .. Enumerable.Range(1, 7),
        9,
        20,
        21,
        30,
        40,
        41,
        42,
        43,
        50,
        51,
        .. Enumerable.Range(61, 6),
        69,
        70,
        .. Enumerable.Range(81, 15),
    ];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, MappedCode>> Tables = new Dictionary<
        string,
        FrozenDictionary<string, MappedCode>
    >(StringComparer.Ordinal)
    {
        // Sex: Patient.gender.
        ["0001"] = Codes(null, "F=female M=male O=other A=other N=other X=other U=unknown"),
        // Marital status.
        ["0002"] = Codes(Marital, "A=L B=U C=C D=D E=L G=T I=I M=M N=A P=T R=T S=S W=W")
            .With(Codes(NullFlavor, "U=UNK T=UNK O=OTH")),
        // Patient class: Encounter.class.
        ["0004"] = Codes(Act, "E=EMER I=IMP O=AMB P=PRENC R=AMB B=IMP"),
        // Admission type: Encounter.priority. The numbers are those of the uniform bill.
        ["0007"] = Codes(Priority, "E=EM A=EM U=UR R=R C=EL 1=EM 2=UR 3=EL 5=EM"),
        // Admit source; the numbers are those of the uniform bill.
        ["0023"] = Codes(AdmitSource, "1=gp 2=outp 4=hosp-trans 5=nursing 6=other 7=emd 8=other"),
        // Diagnosis type: Encounter.diagnosis.use.
        ["0052"] = Codes(DiagnosisRole, "A=AD F=DD"),
        // Relationship of NK1.
        ["0063"] = Codes(
            Role,
            "SPO=SPS DOM=DOMPART CHD=CHILD GCH=GRNDCHILD NCH=NCHILD SCH=STPCHLD FCH=CHLDFOST MTH=MTH FTH=FTH PAR=PRN GRP=GRPRN "
                + "SIB=SIB BRO=BRO SIS=SIS GRD=GUARD EXF=EXT FND=FRND NBR=NBOR SEL=ONESELF"
        ),
        // Status of an observation.
        ["0085"] = Codes(
            null,
            "F=final P=preliminary S=preliminary R=preliminary I=registered O=registered C=corrected U=final X=cancelled "
                + "D=entered-in-error W=entered-in-error"
        ),
        ["0112"] = DischargeStatuses
            .SelectMany(n => new[] { $"{n}", $"{n:00}" }.Distinct().Select(text => (text, Code: $"{n:00}")))
            .ToFrozenDictionary(p => p.text, p => new MappedCode(p.Code, Nubc)),
        // Allergen type: AllergyIntolerance.category.
        ["0127"] = Codes(null, "DA=medication FA=food EA=environment LA=environment AA=environment PA=environment"),
        // Allergy severity: criticality.
        ["0128"] = Codes(null, "SV=high MO=low MI=low U=unable-to-assess"),
        // Address type: Address.use.
        ["0190"] = Codes(null, "H=home P=home L=home B=work O=work C=temp V=temp BA=old"),
        // Name type: HumanName.use.
        ["0200"] = Codes(null, "L=official D=usual M=maiden B=maiden N=nickname S=anonymous A=old"),
        // Use of a telecommunication.
        ["0201"] = Codes(null, "PRN=home ORN=home VHN=temp WPN=work PRS=mobile"),
        // Equipment: ContactPoint.system.
        ["0202"] = Codes(
            null,
            "PH=phone CP=phone TDD=phone TTY=phone SAT=phone FX=fax BP=pager INTERNET=email X.400=email MD=other"
        ),
        ["0296"] = Codes(
            Language,
            "EN=en ENG=en ENGLISH=en ES=es SPA=es SPANISH=es FR=fr FRE=fr FRA=fr DE=de GER=de DEU=de ZH=zh CHI=zh ZHO=zh VI=vi VIE=vi "
                + "RU=ru RUS=ru PL=pl POL=pl PT=pt POR=pt AR=ar ARA=ar KO=ko KOR=ko TL=tl TGL=tl IT=it ITA=it JA=ja JPN=ja HI=hi HIN=hi "
                + "ASE=ase SGN=sgn"
        ),
        // Insured's relationship to the subscriber.
        ["IN1-17"] = Codes(
            Subscriber,
            "SEL=self 18=self SPO=spouse 01=spouse CHD=child 19=child PAR=parent DOM=common OTH=other"
        ),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>HL7 table 0396, with the names that hospitals use beside it. ICD-10 is that of the United States unless a profile says otherwise.</summary>
    private static readonly FrozenDictionary<string, string> Systems = new Dictionary<string, string>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["I10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["I10C"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["ICD10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["ICD-10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["ICD10CM"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["ICD-10-CM"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["I10P"] = "http://www.cms.gov/Medicare/Coding/ICD10",
        ["ICD10PCS"] = "http://www.cms.gov/Medicare/Coding/ICD10",
        ["I9"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["I9C"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["I9CDX"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["ICD9"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["ICD-9-CM"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["SCT"] = "http://snomed.info/sct",
        ["SNM"] = "http://snomed.info/sct",
        ["SNOMED"] = "http://snomed.info/sct",
        ["SNOMED-CT"] = "http://snomed.info/sct",
        ["LN"] = "http://loinc.org",
        ["LOINC"] = "http://loinc.org",
        ["RXNORM"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["NDC"] = "http://hl7.org/fhir/sid/ndc",
        ["NDF"] = "http://hl7.org/fhir/ndfrt",
        ["UNII"] = "http://fdasis.nlm.nih.gov",
        ["CVX"] = "http://hl7.org/fhir/sid/cvx",
        ["C4"] = "http://www.ama-assn.org/go/cpt",
        ["CPT"] = "http://www.ama-assn.org/go/cpt",
        ["CPT4"] = "http://www.ama-assn.org/go/cpt",
        ["HCPCS"] = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ["HPC"] = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ["UCUM"] = "http://unitsofmeasure.org",
        ["CDCREC"] = "urn:oid:2.16.840.1.113883.6.238",
        ["NUBC"] = Nubc,
        ["ISO639"] = Language,
        ["ISO639-1"] = Language,
        ["ISO639-2"] = Language,
        ["BCP47"] = Language,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool TryTranslate(string table, string code, [NotNullWhen(true)] out MappedCode? mapped)
    {
        mapped = null;
        return Tables.TryGetValue(table, out var codes) && codes.TryGetValue(code.ToUpperInvariant(), out mapped);
    }

    /// <summary>The code system that a table's codes become codes of.</summary>
    public static string? SystemOf(string table) =>
        Tables.TryGetValue(table, out var codes) ? codes.Values.First().System : null;

    /// <summary>The codes of a table that mean something.</summary>
    public static IEnumerable<string> Known(string table) =>
        Tables.TryGetValue(table, out var codes) ? codes.Keys.Order(StringComparer.Ordinal) : [];

    public static string? CodingSystem(string name)
    {
        if (Systems.TryGetValue(name, out var uri))
            return uri;
        var isTable = name.Length == 7 && name.StartsWith("HL7", StringComparison.OrdinalIgnoreCase);
        return isTable && !name.AsSpan(3).ContainsAnyExceptInRange('0', '9') ? Table(name[3..]) : null;
    }

    /// <summary>The code system that a table of HL7 is.</summary>
    public static string Table(string number) => $"{Terminology}v2-{number}";

    private static FrozenDictionary<string, MappedCode> Codes(string? system, string pairs) =>
        pairs
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToFrozenDictionary(pair => pair[0], pair => new MappedCode(pair[1], system));

    private static FrozenDictionary<string, MappedCode> With(
        this FrozenDictionary<string, MappedCode> codes,
        FrozenDictionary<string, MappedCode> more
    ) => codes.Concat(more).ToFrozenDictionary();
}
