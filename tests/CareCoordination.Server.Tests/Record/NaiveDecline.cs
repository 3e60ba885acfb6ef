using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>What is told of people who decline: hospice and palliative care, frailty, what was done and prescribed. docs/measures.md</summary>
internal sealed class NaiveDecline
{
    private static readonly string[] Kinds = ["hospice", "palliative"];

    private readonly NaiveChart _chart;
    private readonly List<Spell> _care;
    private readonly List<Spell> _frailty;

    public NaiveDecline(NaiveChart chart)
    {
        _chart = chart;
        Procedures = [.. ReadProcedures()];
        Prescriptions = [.. ReadPrescriptions()];
        _care = [.. Illnesses(), .. Encounters(Kinds), .. Discharges(), .. Orders(), .. Done(), .. Surveys()];
        _frailty = [.. ReadFrailty()];
    }

    /// <summary>Of a kind, for some time: without a first day always, without a last one still.</summary>
    private sealed record Spell(string Kind, string? Person, DateOnly? From, DateOnly? To)
    {
        public bool Meets(DateOnly first, DateOnly last) =>
            (From ?? NaiveChart.Ever) <= last && (To ?? DateOnly.MaxValue) >= first;
    }

    /// <summary>What was done, or is being done.</summary>
    internal sealed record Procedure(
        string Id,
        string? Person,
        string Status,
        DateOnly? From,
        DateOnly? To,
        HashSet<string> Sets
    );

    public IReadOnlyList<Procedure> Procedures { get; }

    /// <summary>An order of a medicine that is active, and how long what it gives lasts: of one that does not tell its day.</summary>
    internal sealed record Prescription(string Id, string? Person, DateOnly? From, DateOnly? To, HashSet<string> Sets);

    public IReadOnlyList<Prescription> Prescriptions { get; }

    /// <summary>True where somebody was in hospice care on a day of the period, or in palliative care too.</summary>
    public bool IsInHospice(string? person, DateOnly first, DateOnly last, bool orPalliative = false) =>
        _care.Exists(c => c.Person == person && (orPalliative || c.Kind == "hospice") && c.Meets(first, last));

    /// <summary>True where somebody was frail on a day of the period.</summary>
    public bool IsFrail(string person, DateOnly first, DateOnly last) =>
        _frailty.Exists(f => f.Person == person && f.Meets(first, last));

    /// <summary>Rows of <c>hospice_care</c>.</summary>
    public IEnumerable<string> CareRows() =>
        _care.Select(c =>
            TableRows.Of(("kind", c.Kind), ("person_id", c.Person), ("from_day", c.From), ("to_day", c.To))
        );

    /// <summary>Rows of <c>frailty_told</c>.</summary>
    public IEnumerable<string> FrailtyRows() =>
        _frailty.Select(f => TableRows.Of(("person_id", f.Person), ("from_day", f.From), ("to_day", f.To)));

    /// <summary>Rows of <c>procedure_in_set</c>.</summary>
    public IEnumerable<string> ProcedureRows() =>
        from procedure in Procedures
        from set in procedure.Sets
        select TableRows.Of(
            ("set_name", set),
            ("procedure_id", procedure.Id),
            ("person_id", procedure.Person),
            ("status", procedure.Status),
            ("from_day", procedure.From),
            ("to_day", procedure.To)
        );

    /// <summary>Rows of <c>medicine_order_in_set</c>.</summary>
    public IEnumerable<string> PrescriptionRows() =>
        from order in Prescriptions
        from set in order.Sets
        select TableRows.Of(
            ("set_name", set),
            ("order_id", order.Id),
            ("person_id", order.Person),
            ("from_day", order.From),
            ("to_day", order.To)
        );

    private IEnumerable<Procedure> ReadProcedures() =>
        from procedure in _chart.Record.Of("Procedure")
        where procedure.Text("status") is "completed" or "in-progress"
        let once = procedure.Text("performedDateTime")
        select new Procedure(
            procedure.Text("id")!,
            _chart.PersonOf(procedure.At("subject")),
            procedure.Text("status")!,
            _chart.Days.Of(once ?? procedure.Text("performedPeriod", "start")),
            _chart.Days.Of(once ?? procedure.Text("performedPeriod", "end")),
            NaiveCodes.SetsOf(procedure.At("code"))
        );

    private IEnumerable<Prescription> ReadPrescriptions() =>
        from order in _chart.Record.Of("MedicationRequest")
        where order.Text("status") == "active" && !IsForbidden(order) && NaiveLoops.IsOrder(order)
        let ordered = _chart.Days.Of(order.Text("authoredOn"))
        let times = 1 + (order.Number("dispenseRequest", "numberOfRepeatsAllowed") ?? 0)
        let all = (int)Math.Floor(times * DaysOf(order.At("dispenseRequest", "expectedSupplyDuration")) ?? 1)
        select new Prescription(
            order.Text("id")!,
            _chart.PersonOf(order.At("subject")),
            ordered,
            ordered?.AddDays(Math.Max(all, 1) - 1),
            [.. Codings(order).SelectMany(c => NaiveCodes.SetsOf(c.Text("system"), c.Text("code")))]
        );

    /// <summary>How many days a supply lasts; null where it is not said.</summary>
    public static decimal? DaysOf(JsonElement supply)
    {
        var value = supply.Number("value");
        return (supply.Text("code") ?? supply.Text("unit"))?.ToLowerInvariant() switch
        {
            "wk" => value * 7,
            "months" => value * 30,
            "h" => value / 24,
            _ => value,
        };
    }

    /// <summary>What an order or a fill says, and the Medication that it names.</summary>
    public IEnumerable<JsonElement> Codings(JsonElement medicine) =>
        medicine
            .Items("medicationCodeableConcept", "coding")
            .Concat(
                _chart
                    .Record.Of("Medication")
                    .Where(m => m.Text("id") == medicine.At("medicationReference").Key("Medication"))
                    .SelectMany(m => m.Items("code", "coding"))
            );

    private static bool IsForbidden(JsonElement order) => order.At("doNotPerform").ValueKind == JsonValueKind.True;

    private IEnumerable<Spell> Illnesses() =>
        from illness in _chart.Illnesses
        from kind in illness.Sets.Intersect(Kinds)
        select new Spell(kind, illness.Person, illness.From, illness.To);

    private IEnumerable<Spell> Encounters(params string[] kinds) =>
        from encounter in _chart.Encounters
        where NaiveStay.HasBegun(encounter.Text("status"))
        from kind in encounter.Items("type").SelectMany(t => NaiveCodes.SetsOf(t)).Distinct().Intersect(kinds)
        select new Spell(
            kind,
            _chart.PersonOf(encounter.At("subject")),
            _chart.Days.Of(encounter.Text("period", "start")),
            _chart.Days.Of(encounter.Text("period", "end"))
        );

    /// <summary>Of its day.</summary>
    private static Spell On(string kind, string? person, DateOnly? day) =>
        new(kind, person, day, day ?? NaiveChart.Ever);

    private IEnumerable<Spell> Discharges() =>
        from encounter in _chart.Encounters
        where encounter.Text("status") == "finished"
        where NaiveCodes.Has("hospice-disposition", encounter.At("hospitalization").Code("dischargeDisposition"))
        select On("hospice", _chart.PersonOf(encounter.At("subject")), _chart.Days.Of(encounter.Text("period", "end")));

    private IEnumerable<Spell> Orders() =>
        from order in _chart.Record.Of("ServiceRequest")
        where NaiveLoops.IsOrder(order) && order.Text("status") is "active" or "completed" && !IsForbidden(order)
        where NaiveCodes.IsFirstIn("hospice", order.At("code"))
        select On("hospice", _chart.PersonOf(order.At("subject")), _chart.Days.Of(order.Text("authoredOn")));

    private IEnumerable<Spell> Done() =>
        from procedure in Procedures
        from kind in procedure.Sets.Intersect(Kinds)
        select new Spell(kind, procedure.Person, procedure.From, procedure.To);

    /// <summary>A survey of palliative care tells of it by itself, one of hospice care by the answer yes.</summary>
    private IEnumerable<Spell> Surveys()
    {
        foreach (var survey in _chart.Record.Of("Observation").Where(NaiveChronic.IsTaken))
        {
            if (NaiveCodes.IsFirstIn("palliative-survey", survey.At("code")))
                yield return Taken("palliative", survey);
            if (
                NaiveCodes.IsFirstIn("hospice-survey", survey.At("code"))
                && NaiveCodes.Has("yes", survey.At("valueCodeableConcept").Text("coding", "code"))
            )
                yield return Taken("hospice", survey);
        }
    }

    /// <summary>Without an end it is of its first day.</summary>
    private Spell Taken(string kind, JsonElement observation)
    {
        var start = observation.Text("effectiveDateTime") ?? observation.Text("effectivePeriod", "start");
        return new Spell(
            kind,
            _chart.PersonOf(observation.At("subject")),
            _chart.Days.Of(start),
            _chart.Days.Of(observation.Text("effectivePeriod", "end") ?? start)
        );
    }

    private IEnumerable<Spell> ReadFrailty() =>
        [
            .. from illness in _chart.Illnesses
            where illness.Sets.Contains("frailty")
            select new Spell("frailty", illness.Person, illness.From, illness.To),
            .. Encounters("frailty"),
            .. _chart
                .Record.Of("Observation")
                .Where(o => o.Text("status") == "preliminary" || NaiveChronic.IsTaken(o))
                .Where(o => NaiveCodes.IsFirstIn("frailty", o.At("code")))
                .Select(o => Taken("frailty", o)),
            .. from aid in _chart.Record.Of("Observation").Where(NaiveChronic.IsTaken)
            where NaiveCodes.IsFirstIn("equipment-used", aid.At("code"))
            where NaiveCodes.IsFirstIn("frailty-device", aid.At("valueCodeableConcept"))
            let taken = Taken("frailty", aid)
            select taken with
            {
                From = taken.To,
            },
            .. from order in _chart.Record.Of("DeviceRequest")
            where order.Text("status") is "active" or "completed" && NaiveLoops.IsOrder(order)
            where order.Items("modifierExtension").All(e => e.At("valueBoolean").ValueKind != JsonValueKind.True)
            where NaiveCodes.SetsOf(order.At("codeCodeableConcept")).Contains("frailty-device")
            select On("frailty", _chart.PersonOf(order.At("subject")), _chart.Days.Of(order.Text("authoredOn"))),
        ];
}
