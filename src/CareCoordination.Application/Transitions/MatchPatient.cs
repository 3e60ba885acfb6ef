using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// Which Patients here may be a person, the surest first, each with how sure it is.
/// https://hl7.org/fhir/R4/patient-operation-match.html
/// </summary>
public sealed record MatchPatient(ResourceDocument Patient, bool OnlyCertain, int? Count, string BaseUrl)
    : FhirInteraction("$match", ResourceTypes.Patient, null)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "match",
        "Finds the Patients that may be a person: a searchset with a score from 0 to 1 and a grade for each, the surest first; empty where there is none.",
        Read
    )
    {
        IsOnType = true,
        IsOnInstance = false,
        AffectsState = false,
        Answer = ResourceTypes.Bundle,
        StandardDefinition = "http://hl7.org/fhir/OperationDefinition/Patient-match",
        Parameters =
        [
            new(
                "resource",
                ["Resource"],
                "The Patient that is sought: identifiers, name, birth date, gender, address, telephone."
            )
            {
                IsRequired = true,
            },
            new("onlyCertainMatches", ["boolean"], "True: only where there is no doubt."),
            new("count", ["integer", "positiveInt"], "The most that are answered with."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var patient = OperationInput.ResourceOf(input.All("resource").First());
        return patient is null || !patient.ResourceTypeUtf8.SequenceEqual("Patient"u8)
            ? Failure.Invalid(IssueCode.Value, "'resource' is a Patient.", "Parameters.parameter")
            : new MatchPatient(
                patient,
                input.Flag("onlyCertainMatches") ?? false,
                input.Number("count") is { } count and >= 1 ? (int)Math.Min(count, 1000) : null,
                input.BaseUrl
            );
    }
}

internal sealed class MatchPatientHandler(PatientFinder finder, CommandRunner runner)
    : IRequestHandler<MatchPatient, FhirResponse>
{
    private const string Grade = "http://hl7.org/fhir/StructureDefinition/match-grade";

    public async Task<FhirResponse> Handle(MatchPatient match, CancellationToken cancellationToken)
    {
        var found = await finder.FindAsync(match.Patient, cancellationToken);
        var answered = found.Where(f => !match.OnlyCertain || f.Match.Grade == MatchGrade.Certain).ToImmutableArray();
        var bundle = new BundleEditor
        {
            Id = runner.NewId(),
            Type = BundleTypeCodes.Searchset,
            Timestamp = runner.Now(),
            Total = answered.Length,
        };
        foreach (var candidate in answered.Take(match.Count ?? answered.Length))
            bundle.Entry.Add(
                new()
                {
                    FullUrl = $"{match.BaseUrl}/{candidate.Patient.Key}",
                    Resource = new ResourceEditor(ResourceDocument.Parse(candidate.Patient.Utf8Json).Value),
                    Search =
                    {
                        Mode = "match",
                        Score = candidate.Match.Score,
                        Extension =
                        {
                            new() { Url = Grade, ValueCode = candidate.Match.Code },
                        },
                    },
                }
            );
        return FhirResponse.Of(new BytesContent(bundle.ToUtf8Json()));
    }
}
