using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>A patient joins a programme.</summary>
/// <param name="Consent">The Consent that counts, as a reference; null: the latest of the programme, or what <paramref name="Request"/> records.</param>
public sealed record EnrollPatient(CommandCall Call, EnrollmentRequest Request, string? Consent) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "enroll",
        "Enrols the patient in a programme of care management: an EpisodeOfCare of the programme that names the consent and the conditions, and membership in the programme's Group. Who is in a programme that excludes it has to leave that one first.",
        Read
    )
    {
        Answer = ResourceTypes.EpisodeOfCare,
        MakesAnswer = true,
        Parameters =
        [
            new("program", ["code", "string"], "The programme: ccm, pcm, apcm, tcm, rpm, bhi, cocm, chi or pin.")
            {
                IsRequired = true,
            },
            Take.Consent,
            new(
                "consentGiven",
                [],
                "What the patient has said, where there is no Consent yet: it is made. Its parts say when and how."
            )
            {
                Parts =
                [
                    new("date", Take.Time, "When; now where it is left out."),
                    new("form", ["code", "string"], "verbal or written.") { IsRequired = true },
                    new("by", ["Reference"], "The RelatedPerson who agreed for the patient.")
                    {
                        Names = Naming.Resource,
                    },
                ],
            },
            new("start", Take.Time, "The first day; today where it is left out. Not later than now."),
            new("organization", ["Reference"], "The organisation that bills: the patient's where it is left out.")
            {
                Names = Naming.Resource,
            },
            new("careManager", ["Reference"], "Who manages the care; who does already where it is left out.")
            {
                Names = Naming.Worker,
            },
            new("condition", ["Reference"], "A condition that the programme is for.")
            {
                IsRepeatable = true,
                Names = Naming.Resource,
            },
            Take.Reason,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var program = input.Text("program") ?? "";
        if (!CarePrograms.Is(program))
            return Programs.Unknown(program);
        if (!Given(input).TryGet(out var given, out var failure))
            return failure;
        return input.Command(call => new EnrollPatient(
            call,
            new EnrollmentRequest(program)
            {
                Start = input.Date("start"),
                Organization = input.Reference("organization"),
                CareManager = input.Reference("careManager"),
                Conditions = [.. input.All("condition").Select(input.ReferenceOf).OfType<string>().Distinct()],
                Given = given.Consent,
            },
            input.Reference("consent")
        ));
    }

    private readonly record struct Said(GivenConsent? Consent);

    private static Result<Said> Given(OperationInput input)
    {
        foreach (var told in input.All("consentGiven"))
        {
            var form = told.Text("form");
            if (form is not ("verbal" or "written"))
                return Failure.Invalid(
                    IssueCode.Value,
                    "'form' of 'consentGiven' is verbal or written.",
                    "Parameters.parameter.where(name = 'consentGiven')"
                );
            var date = told.Part.Where(p => p.Name == "date").Select(OperationInput.TimeOf).FirstOrDefault();
            return new Said(new GivenConsent(CareDate.Of(date), form, input.ReferenceOf(told, "by")));
        }

        return new Said(null);
    }
}

internal sealed class EnrollPatientHandler(CommandRunner runner, CareReads reads, BillingReads billing)
    : IRequestHandler<EnrollPatient, FhirResponse>
{
    public Task<FhirResponse> Handle(EnrollPatient command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (patient, now, policy) => DecideAsync(command, patient, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        EnrollPatient command,
        Snapshot patient,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var of = patient.Key.ToString();
        var episodes = await billing.EpisodesAsync(of, cancellationToken);
        var organization =
            command.Request.Organization
            ?? PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value).ManagingOrganization.Reference;
        var manager = command.Request.CareManager ?? await ManagerAsync(of, cancellationToken);
        var request = command.Request with { Organization = organization, CareManager = manager };
        var (group, groupId) = await GroupAsync(request, cancellationToken);
        var scope = new EnrollmentScope(
            patient,
            episodes,
            await ConsentAsync(command, of, cancellationToken),
            await reads.NamedAllAsync(request.Conditions, cancellationToken),
            group,
            groupId
        );
        return ProgramEnrollment.Enroll(request, scope, command.Call.At(now, policy), runner.NewId);
    }

    /// <summary>Who manages the patient's care manages it in every programme.</summary>
    private async Task<string?> ManagerAsync(string patient, CancellationToken cancellationToken) =>
        (
            await reads.SearchAsync(
                ResourceTypes.EpisodeOfCare,
                $"patient={Uri.EscapeDataString(patient)}&status=active",
                cancellationToken
            )
        )
            .Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).CareManager.Reference)
            .FirstOrDefault(m => m is not null);

    private async Task<Snapshot?> ConsentAsync(
        EnrollPatient command,
        string patient,
        CancellationToken cancellationToken
    )
    {
        if (command.Consent is { } named)
            return await reads.NamedAsync(named, cancellationToken);
        if (command.Request.Given is not null)
            return null;
        var code = $"{Uri.EscapeDataString(CarePrograms.System)}|{command.Request.Program}";
        var found = await reads.SearchAsync(
            ResourceTypes.Consent,
            $"patient={Uri.EscapeDataString(patient)}&status=active&category={code}&_sort=-date",
            cancellationToken
        );
        return found.IsEmpty ? null : found[0];
    }

    /// <summary>The part of the programme's Group that is not full: parts are filled one after the other.</summary>
    private async Task<(Snapshot? Group, string Id)> GroupAsync(
        EnrollmentRequest request,
        CancellationToken cancellationToken
    )
    {
        var full = 0;
        var step = 1;
        // Parts are there from the first on without a gap: doubling finds one that is not full, halving the first of these.
        while (await PartAsync(full + step) is { } part && ProgramGroups.IsFull(part))
        {
            full += step;
            step *= 2;
        }

        for (; step > 1; step /= 2)
        {
            if (await PartAsync(full + (step / 2)) is { } part && ProgramGroups.IsFull(part))
                full += step / 2;
        }

        return (await PartAsync(full + 1), ProgramGroups.IdOf(request.Program, request.Organization, full + 1));

        async Task<Snapshot?> PartAsync(int number) =>
            await reads.ReadAsync(
                $"{ResourceTypes.Group}/{ProgramGroups.IdOf(request.Program, request.Organization, number)}",
                cancellationToken
            );
    }
}
