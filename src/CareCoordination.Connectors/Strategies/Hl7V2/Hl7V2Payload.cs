using System.Collections.Immutable;
using CareCoordination.Connectors.Mllp;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.Hl7V2;

/// <summary>
/// A referral as REF^I12, I13 or I14: MSH, RF1, PRD, PID, IN1, DG1, OBR, NTE. https://www.hl7.eu/HL7v2x/v251/std251/ch11.html
/// </summary>
internal static class Hl7V2Payload
{
    /// <summary>MSH-10: the same for all attempts of a delivery, and no longer than v2 allows.</summary>
    public static string ControlId(ReferralPackage package) => StableUuid.Short(package.DeliveryId);

    public static byte[] Build(ReferralPackage package, PartnerOptions options)
    {
        var task = TaskView.From(OutgoingResource.Parse(package.Task));
        var request = ServiceRequestView.From(OutgoingResource.Parse(package.Request));
        var resources = new Supporting(package.Supporting);
        var message = new Hl7Writer();
        Header(message, package, task, options.Hl7V2);
        Referral(message, package, task, request);
        Provider(message, "RP", "Referring Provider", resources, task.Requester, request.Requester);
        Provider(message, "RT", "Referred to Provider", resources, task.Owner, request.Performer.FirstOrDefault());
        Patient(message, package.OwnBase, resources, request.Subject, options.PatientIdentifierSystem);
        Insurance(message, resources, request);
        Diagnoses(message, resources, request);
        Order(message, package, request);
        foreach (var note in request.Note)
            message.Segment("NTE").Field("1").Skip(1).Field(note.Text);
        return message.ToUtf8();
    }

    private static void Header(Hl7Writer message, ReferralPackage package, TaskView task, Hl7V2Options names)
    {
        var trigger = package.Kind switch
        {
            "cancel" => "I14",
            "update" => "I13",
            _ => "I12",
        };
        message
            .Header()
            .Field(names.SendingApplication)
            .Field(names.SendingFacility)
            .Field(names.ReceivingApplication)
            .Field(names.ReceivingFacility)
            .Field(Hl7V2Codes.Time(task.Meta.LastUpdated ?? task.LastModified ?? task.AuthoredOn))
            .Skip(1)
            .Field("REF", trigger, "REF_I12")
            .Field(ControlId(package))
            .Field(names.ProcessingId)
            .Field(names.Version)
            .Skip(5)
            .Field("UNICODE UTF-8");
    }

    private static void Referral(Hl7Writer message, ReferralPackage package, TaskView task, ServiceRequestView request)
    {
        var own = OwnIdentifier.Of(package.OwnBase, package.Task.Key);
        message
            .Segment("RF1")
            .Field(Hl7V2Codes.Status(task.Status, package.Kind))
            .Field(Hl7V2Codes.Priority(request.Priority ?? task.Priority))
            .Skip(3)
            .Field(own.Value, "", own.System, "URI")
            .Field(Hl7V2Codes.Time(request.AuthoredOn ?? task.AuthoredOn))
            .Field(Hl7V2Codes.Time(task.Restriction.Period.End))
            .Skip(1)
            .Field(request.ReasonCode.FirstOrDefault() is { Exists: true } reason ? Hl7V2Codes.Coded(reason) : []);
    }

    /// <summary>PRD-2 is the person; where an organisation is named instead it is the person's last name, as v2 has no other place.</summary>
    private static void Provider(
        Hl7Writer message,
        string role,
        string text,
        Supporting resources,
        ReferenceView first,
        ReferenceView second
    )
    {
        var party = first.Reference is null ? second : first;
        var person = resources.Practitioner(party);
        var organization = resources.Organization(party);
        var contact = person.Telecom.Concat(organization.Telecom).ToArray();
        message.Segment("PRD").Field(role, text, "HL70286");
        message.Field(
            person.Name.FirstOrDefault() is { Exists: true } name
                ? Hl7V2Codes.Name(name)
                : [organization.Name ?? party.Display]
        );
        message.Field(
            organization.Address.FirstOrDefault() is { Exists: true } address ? Hl7V2Codes.Address(address) : []
        );
        message.Field(organization.Name);
        message.Field(contact is [var line, ..] ? Hl7V2Codes.Telecom(line) : []);
        message.Skip(1);
        var identifier = person.Identifier.Concat(organization.Identifier).FirstOrDefault();
        message.Field(identifier.Exists ? [identifier.Value, identifier.System] : []);
    }

    private static void Patient(
        Hl7Writer message,
        Uri ownBase,
        Supporting resources,
        ReferenceView subject,
        string? identifierSystem
    )
    {
        var patient = resources.Patient(subject);
        message.Segment("PID").Field("1").Skip(1);
        var identifiers = patient
            .Identifier.Where(i => i.Value is not null)
            .OrderByDescending(i => i.System == identifierSystem)
            .ToArray();
        if (identifiers.Length == 0)
            message.Field(
                subject.Key?.Id,
                "",
                "",
                Hl7V2Codes.Authority(OwnIdentifier.SystemOf(ownBase, ResourceTypes.Patient)),
                "PI"
            );
        for (var i = 0; i < identifiers.Length; i++)
        {
            string?[] cx =
            [
                identifiers[i].Value,
                "",
                "",
                Hl7V2Codes.Authority(identifiers[i].System),
                TypeOf(identifiers[i]),
            ];
            _ = i == 0 ? message.Field(cx) : message.Again(cx);
        }

        message.Skip(1);
        message.Field(
            patient.Name.FirstOrDefault() is { Exists: true } name ? Hl7V2Codes.Name(name) : [subject.Display]
        );
        message.Skip(1).Field(Hl7V2Codes.Time(patient.BirthDate)).Field(Hl7V2Codes.Sex(patient.Gender)).Skip(2);
        message.Field(patient.Address.FirstOrDefault() is { Exists: true } address ? Hl7V2Codes.Address(address) : []);
        message.Skip(1);
        var contacts = patient.Telecom.ToArray();
        for (var i = 0; i < contacts.Length; i++)
            _ =
                i == 0
                    ? message.Field(Hl7V2Codes.Telecom(contacts[i]))
                    : message.Again(Hl7V2Codes.Telecom(contacts[i]));
    }

    private static string TypeOf(IdentifierView identifier)
    {
        foreach (var coding in identifier.Type.Coding)
        {
            if (coding.Code is { } code)
                return code;
        }

        return "PI";
    }

    private static void Insurance(Hl7Writer message, Supporting resources, ServiceRequestView request)
    {
        var number = 0;
        foreach (var reference in request.Insurance)
        {
            var coverage = resources.Coverage(reference);
            if (!coverage.Exists)
                continue;
            var payer = coverage.Payor.FirstOrDefault();
            var organization = resources.Organization(payer);
            message
                .Segment("IN1")
                .Field($"{++number}")
                .Field(Hl7V2Codes.Coded(coverage.Type))
                .Field(organization.Identifier.FirstOrDefault().Value ?? payer.Key?.Id)
                .Field(organization.Name ?? payer.Display)
                .Skip(31)
                .Field(coverage.SubscriberId ?? coverage.Identifier.FirstOrDefault().Value);
        }
    }

    private static void Diagnoses(Hl7Writer message, Supporting resources, ServiceRequestView request)
    {
        var number = 0;
        foreach (var reference in request.ReasonReference)
        {
            var condition = resources.Condition(reference);
            if (condition.Exists)
                Diagnosis(message, ++number, condition.Code, condition.RecordedDate);
        }

        foreach (var reason in request.ReasonCode)
            Diagnosis(message, ++number, reason, null);
    }

    private static void Diagnosis(Hl7Writer message, int number, CodeableConceptView code, FhirDateTime? recorded) =>
        message
            .Segment("DG1")
            .Field($"{number}")
            .Skip(1)
            .Field(Hl7V2Codes.Coded(code))
            .Skip(1)
            .Field(Hl7V2Codes.Time(recorded))
            .Field("W");

    private static void Order(Hl7Writer message, ReferralPackage package, ServiceRequestView request)
    {
        var own = OwnIdentifier.Of(package.OwnBase, package.Request.Key);
        message
            .Segment("OBR")
            .Field("1")
            .Field(own.Value, "", own.System, "URI")
            .Skip(1)
            .Field(Hl7V2Codes.Coded(request.Code))
            .Skip(2)
            .Field(Hl7V2Codes.Time(request.OccurrenceDateTime ?? request.OccurrencePeriod.Start));
    }
}
