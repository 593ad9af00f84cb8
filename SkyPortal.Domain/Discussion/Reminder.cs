namespace SkyPortal.Domain.Discussion;

/// <summary>What somebody wants to be reminded of, when, and how often.</summary>
public sealed class Reminder : DataRow
{
    /// <summary>Longest time between two reminders, days.</summary>
    public const double MostDelayDays = 3650;

    /// <summary>Most reminders of one row.</summary>
    public const int MostReminders = 1000;

    /// <summary>Object that it is about, be it through the spectrum.</summary>
    public required string ObjId { get; set; }

    /// <summary>Spectrum that it is about; null for the object itself.</summary>
    public long? SpectrumId { get; set; }

    public required string Text { get; set; }
    public string? Origin { get; set; }

    /// <summary>Made by a program.</summary>
    public bool Bot { get; set; }

    /// <summary>UTC.</summary>
    public DateTime NextReminder { get; set; }

    /// <summary>Days between two reminders.</summary>
    public double ReminderDelay { get; set; }

    /// <summary>How many are still to come.</summary>
    public int NumberOfReminders { get; set; }

    /// <summary>Who is reminded.</summary>
    public int UserId { get; set; }

    /// <summary>Groups that may know of it.</summary>
    public int[] GroupIds { get; set; } = [];

    /// <summary>
    /// Counts the reminder that is due and moves on to the next one in the future; those that were missed meanwhile are counted,
    /// too, and not made up for.
    /// </summary>
    public void Pass(DateTime now)
    {
        while (NumberOfReminders > 0 && NextReminder <= now)
        {
            NumberOfReminders--;
            NextReminder = NextReminder.AddDays(ReminderDelay);
        }
    }
}
