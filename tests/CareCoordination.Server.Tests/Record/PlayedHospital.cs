using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Stays that hospitals tell of, out of order and more than once, and records that they merge.</summary>
internal sealed class PlayedHospital(TestServer server, Dice dice, PlayedWorld world)
{
    private readonly List<Hospital> _stays = [];

    public async Task StepAsync()
    {
        if (_stays.Count == 0 || dice.OneIn(3))
        {
            // What is told in time has just happened.
            var discharge = dice.OneIn(2) ? dice.Lately() : dice.Just();
            _stays.Add(
                new Hospital(person: dice.OneIn(2) && _stays.Count > 0 ? _stays[^1].Person : null)
                {
                    Family = "Okafor",
                    Class = dice.Of("IMP", "IMP", "EMER", "OBSENC"),
                    Start = $"{discharge.AddDays(-dice.Next(dice.OneIn(2) ? 2 : 6)):yyyy-MM-ddTHH:mm:ss}Z",
                    End = $"{discharge:yyyy-MM-ddTHH:mm:ss}Z",
                    Disposition = dice.Of("home", "home", "snf", "hosp", "exp", null),
                }
            );
        }

        var stay = _stays[dice.Next(_stays.Count)];
        var at = $"{dice.Lately():yyyy-MM-ddTHH:mm:ss}Z";
        var (kind, message) = dice.Next(12) switch
        {
            > 7 => ("document", Summary(stay, at)),
            0 => ("admit", stay.Admit(at)),
            < 5 => ("discharge", stay.Discharge(at)),
            5 => ("cancel discharge", stay.CancelDischarge(at)),
            6 => ("update", stay.Update(at, isOver: true)),
            _ => ("merge", Merge(stay, _stays[dice.Next(_stays.Count)], at)),
        };
        var answer = world.Heard(kind, message, await server.PostAsync("$submit-transition", message));
        if (answer.Status != 200)
            return;
        foreach (var output in answer.Json.Items("output"))
        {
            if (output.Text("valueReference", "reference")?.Split('/') is { Length: 2 } parts)
                world.Learn(parts[0], parts[1]);
        }
    }

    /// <summary>A summary with sections: all that are asked for, or some, or one with nothing in it.</summary>
    private string Summary(Hospital stay, string at)
    {
        string[] codes = dice.OneIn(4) ? ["10183-2"] : ["8648-8", "11535-2", "10183-2", "30954-2", "18776-5"];
        var sections = codes.Select(
            (code, i) =>
                $$$"""{"title":"S","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]}{{{(i == 0 && dice.OneIn(4) ? "" : ",\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>x</div>\"}")}}}}"""
        );
        return stay.Document(at)
            .Replace(
                "\"title\":\"Discharge summary\"",
                $"\"title\":\"Discharge summary\",\"section\":[{string.Join(',', sections)}]",
                StringComparison.Ordinal
            );
    }

    private static string Merge(Hospital kept, Hospital replaced, string at)
    {
        string[] uuids = [.. Enumerable.Range(1, 3).Select(i => $"urn:uuid:{new Guid(i, 0, 0, new byte[8])}")];
        var survivor = kept.Patient();
        survivor = survivor.Insert(
            survivor.Length - 1,
            $$""","link":[{"other":{"reference":"{{uuids[2]}}"},"type":"replaces"}]"""
        );
        var id = $"merge-{kept.Person}-{replaced.Person}";
        return $$$"""{"resourceType":"Bundle","id":"b-{{{id}}}","type":"message","timestamp":"{{{at}}}","entry":[{"fullUrl":"{{{uuids[0]}}}","resource":{"resourceType":"MessageHeader","id":"m-{{{id}}}","eventCoding":{"system":"{{{Hospital.Own}}}","code":"merge"},"source":{"endpoint":"https://hospital.example/fhir"},"focus":[{"reference":"{{{uuids[1]}}}"}]}},{"fullUrl":"{{{uuids[1]}}}","resource":{{{survivor}}}},{"fullUrl":"{{{uuids[2]}}}","resource":{{{replaced.Patient()}}}}]}""";
    }
}
